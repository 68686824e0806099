using Relay.Simulation.Invariants;
using Relay.Simulation.Planted;
using Relay.Simulation.Tracing;

namespace Relay.Simulation;

/// <summary>What came of a run.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Hash">A number that is the same for the same run.</param>
/// <param name="Events">Lines of its trace.</param>
/// <param name="Elapsed">Virtual time.</param>
/// <param name="Violations">What must not be; none: it passed.</param>
/// <param name="Tally">What came up.</param>
/// <param name="Lines">The last lines of its trace, as many as were asked for.</param>
internal sealed record RunResult(
    ulong Seed, ulong Hash, long Events, TimeSpan Elapsed, IReadOnlyList<Violation> Violations, Tally Tally, IReadOnlyCollection<TraceEvent> Lines);

/// <summary>Runs seeds.</summary>
internal static class SeedRunner
{
    /// <summary>What a run's own thread may put on its stack: without a context, continuations run one inside the other.</summary>
    private const int StackBytes = 16 * 1024 * 1024;

    /// <summary>Runs one, on a thread of its own.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="bug">A bug to plant.</param>
    /// <param name="requests">How many requests; 0: the seed decides.</param>
    /// <param name="keep">How many lines of the trace are kept.</param>
    public static RunResult Run(ulong seed, PlantedBug bug = PlantedBug.None, int requests = 0, int keep = 0)
    {
        RunResult? result = null;
        Exception? fault = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = RunHere(new RunPlan(seed, requests, bug), keep);
            }
            catch (Exception e)
            {
                // A fault of the simulation itself; thrown where it is waited for.
                fault = e;
            }
        }, StackBytes);
        thread.Start();
        thread.Join();
        return result ?? throw new InvalidOperationException($"The simulation itself broke at seed {seed}.", fault);
    }

    private static RunResult RunHere(RunPlan plan, int keep)
    {
        using var world = new World(plan, keep);
        world.Run();
        return new(plan.Seed, world.Trace.Hash, world.Trace.Count, world.Time.Elapsed, world.Referee.Violations, world.Referee.Tally, world.Trace.Lines);
    }
}
