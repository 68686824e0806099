using System.Globalization;
using Relay.Load.Cli;

namespace Relay.Load.Slow;

/// <summary>Where requests went, by when they arrived there.</summary>
/// <param name="Primary">Arrivals at the primary, from the start of the load.</param>
/// <param name="Backup">Arrivals at the backup.</param>
/// <param name="SlowFrom">When the primary became slow.</param>
/// <param name="SlowTo">When that was over.</param>
internal sealed record SlowStory(IReadOnlyList<TimeSpan> Primary, IReadOnlyList<TimeSpan> Backup, TimeSpan SlowFrom, TimeSpan SlowTo)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>From when it was over to the first of five seconds in a row without a request at the backup; null when there is none.</summary>
    public TimeSpan? BackAfter
    {
        get
        {
            var end = Primary.Concat(Backup).DefaultIfEmpty().Max() - (5 * Second);
            for (var from = SlowTo; from < end; from += Second)
            {
                if (Share(from, from + (5 * Second)) == 0)
                {
                    return from - SlowTo;
                }
            }

            return null;
        }
    }

    /// <summary>The share of the backup while the primary was slow, once it had been so for a while.</summary>
    public double Moved(TimeSpan notice) => Share(SlowFrom + notice, SlowTo);

    /// <summary>What is printed.</summary>
    public string Table(TimeSpan notice)
    {
        var table = new MarkdownTable("requests to the backup", "share");
        table.Add("before", Percent(Share(TimeSpan.Zero, SlowFrom)));
        for (var i = 0; i < (int)notice.TotalSeconds; i++)
        {
            table.Add(string.Create(CultureInfo.InvariantCulture, $"second {i + 1}"), Percent(Share(SlowFrom + (i * Second), SlowFrom + ((i + 1) * Second))));
        }

        table.Add(string.Create(CultureInfo.InvariantCulture, $"from second {notice.TotalSeconds + 1:0} on"), Percent(Moved(notice)));
        table.Add("all back after", BackAfter is { } back ? string.Create(CultureInfo.InvariantCulture, $"{back.TotalSeconds:0} s") : "never");
        return table.ToString();
    }

    private double Share(TimeSpan from, TimeSpan to)
    {
        var (primary, backup) = (Primary.Count(At), Backup.Count(At));
        return primary + backup == 0 ? 0 : (double)backup / (primary + backup);

        bool At(TimeSpan at) => at >= from && at < to;
    }

    private static string Percent(double share) => (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
