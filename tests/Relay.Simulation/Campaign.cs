using Relay.Simulation.Invariants;
using Relay.Simulation.Planted;

namespace Relay.Simulation;

/// <summary>Many seeds, and what came of them.</summary>
internal sealed class Campaign
{
    /// <summary>So many failed runs are kept.</summary>
    private const int MaxFailures = 20;

    private readonly Lock _gate = new();

    /// <summary>Seeds that were run.</summary>
    public int Seeds { get; private set; }

    /// <summary>Runs in which something was that must not be.</summary>
    public int Failed { get; private set; }

    /// <summary>The first of them.</summary>
    public List<RunResult> Failures { get; } = [];

    /// <summary>Virtual time in all.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>Lines of all traces.</summary>
    public long Events { get; private set; }

    /// <summary>What came up in all runs.</summary>
    public Tally Tally { get; } = new();

    /// <summary>Runs seeds.</summary>
    /// <param name="first">The first seed.</param>
    /// <param name="count">How many.</param>
    /// <param name="threads">How many at once.</param>
    /// <param name="bug">A bug to plant.</param>
    /// <param name="stop">Ends it early.</param>
    /// <param name="progress">Told after each run.</param>
    public static Campaign Run(ulong first, int count, int threads = 1, PlantedBug bug = PlantedBug.None, Action<Campaign>? progress = null, CancellationToken stop = default)
    {
        var campaign = new Campaign();
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, (i, loop) =>
        {
            if (stop.IsCancellationRequested)
            {
                loop.Stop();
                return;
            }

            var result = SeedRunner.Run(first + (ulong)i, bug);
            lock (campaign._gate)
            {
                campaign.Add(result);
                progress?.Invoke(campaign);
            }
        });
        return campaign;
    }

    private void Add(RunResult result)
    {
        Seeds++;
        Elapsed += result.Elapsed;
        Events += result.Events;
        Tally.Add(result.Tally);
        if (result.Violations.Count > 0)
        {
            Failed++;
            if (Failures.Count < MaxFailures)
            {
                Failures.Add(result);
            }
        }
    }
}
