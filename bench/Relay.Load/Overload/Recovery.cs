namespace Relay.Load.Overload;

/// <summary>
/// When requests are served again as before an overload. The time after it is cut into slices; one is as before when each of its requests
/// was served and its p90 is not over the worst of the slices before the overload.
/// </summary>
internal static class Recovery
{
    /// <summary>A slice: 100 ms.</summary>
    public const long SliceMicros = 100_000;

    /// <summary>So many slices in a row must be as before: 5.</summary>
    public const int InARow = 5;

    /// <summary>The slices before that are left out, while connections open: 10.</summary>
    private const int WarmUp = 10;

    /// <summary>The time from the end of the overload to the first of so many slices in a row that are as before; null when there is none.</summary>
    /// <param name="before">The requests before the overload, by time.</param>
    /// <param name="after">Those after it, by time.</param>
    /// <param name="endMicros">When the overload ended.</param>
    public static TimeSpan? Of(IReadOnlyList<Sent> before, IReadOnlyList<Sent> after, long endMicros)
    {
        var worst = WorstP90(before);
        var row = 0;
        foreach (var slice in Slices(after, endMicros))
        {
            row = slice.All(r => r.Outcome == Outcome.Served) && P90(slice) <= worst ? row + 1 : 0;
            if (row == InARow)
            {
                return TimeSpan.FromMicroseconds(slice.Key * SliceMicros) - ((InARow - 1) * TimeSpan.FromMicroseconds(SliceMicros));
            }
        }

        return null;
    }

    /// <summary>The highest p90 of a slice, in microseconds.</summary>
    public static long WorstP90(IReadOnlyList<Sent> before) => Slices(before, before[0].AtMicros).Skip(WarmUp).Max(P90);

    /// <summary>Slices by their number; none is empty at the rates that this is used with.</summary>
    public static IEnumerable<IGrouping<long, Sent>> Slices(IEnumerable<Sent> requests, long from) =>
        requests.GroupBy(r => (r.AtMicros - from) / SliceMicros);

    /// <summary>The latency that 90 % of the served requests of a slice are not over.</summary>
    public static long P90(IEnumerable<Sent> slice)
    {
        var served = slice.Where(r => r.Outcome == Outcome.Served).Select(r => r.Micros).Order().ToArray();
        return served.Length == 0 ? 0 : served[(int)Math.Ceiling(served.Length * 0.9) - 1];
    }
}
