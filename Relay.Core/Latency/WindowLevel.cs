namespace Relay.Core.Latency;

/// <summary>
/// How one window is kept: as a ring of closed slices of fixed length, aligned to the clock's origin, plus the open one.
/// Each level's slice is a multiple of the level below, so that a closing slice cascades into exactly one coarser slice.
/// </summary>
/// <param name="Slice">Length of one slice; also the most by which an answer may reach back further than the window.</param>
/// <param name="Slices">How many closed slices are kept; slice times slices is the window.</param>
public readonly record struct WindowLevel(TimeSpan Slice, int Slices)
{
    // 110 closed slices. An answer reaches back too far by at most 8.3 %, 5 %, 3.3 % and 2.1 % of its window.
    private static readonly WindowLevel[] Table =
    [
        new(TimeSpan.FromSeconds(5), 12),
        new(TimeSpan.FromSeconds(15), 20),
        new(TimeSpan.FromMinutes(2), 30),
        new(TimeSpan.FromMinutes(30), 48),
    ];

    /// <summary>Every level, finest first, in the order of <see cref="Window"/>.</summary>
    public static ReadOnlySpan<WindowLevel> All => Table;

    /// <summary>The length of the window that this level serves.</summary>
    public TimeSpan Length => Slice * Slices;

    /// <summary>The level that serves a window.</summary>
    /// <param name="window">A defined window.</param>
    public static WindowLevel Of(Window window)
    {
        if ((uint)window >= (uint)Table.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(window), window, "Not a window.");
        }

        return Table[(int)window];
    }

    /// <summary>The length of a point of a time series for a wanted length: whole slices, at most the window.</summary>
    /// <param name="step">Wanted length, above zero.</param>
    public TimeSpan RoundUp(TimeSpan step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(step, TimeSpan.Zero);
        return Slice * Math.Min(Slices, ((step.Ticks - 1) / Slice.Ticks) + 1);
    }
}
