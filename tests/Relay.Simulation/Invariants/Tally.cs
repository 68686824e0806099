using Relay.Core.Errors;
using Relay.Gateway.Recording;
using Relay.Simulation.Client;
using Relay.Simulation.Provider;

namespace Relay.Simulation.Invariants;

/// <summary>What came up in runs: a run in which nothing happens proves nothing.</summary>
internal sealed class Tally
{
    /// <summary>Attempts.</summary>
    public long Attempts { get; set; }

    /// <summary>Attempts after the first byte.</summary>
    public long Rescues { get; set; }

    /// <summary>Probes of half-open breakers.</summary>
    public long Probes { get; set; }

    /// <summary>Retries that the budget did not allow.</summary>
    public long RetriesRefused { get; set; }

    /// <summary>Records.</summary>
    public long Records { get; private set; }

    /// <summary>Attempts that repeated one at the same target.</summary>
    public long Retries { get; private set; }

    /// <summary>Requests that another target than the first one had to answer.</summary>
    public long Failovers { get; private set; }

    /// <summary>Streams that broke and were continued to their end.</summary>
    public long Rescued { get; private set; }

    /// <summary>Attempts by what they met.</summary>
    public long[] Faults { get; } = new long[Enum.GetValues<FaultKind>().Length];

    /// <summary>Requests by how they ended for their client.</summary>
    public long[] Outcomes { get; } = new long[Enum.GetValues<Outcome>().Length];

    /// <summary>Records by the kind of their error.</summary>
    public long[] Errors { get; } = new long[ErrorTable.Count];

    /// <summary>Counts a record.</summary>
    public void Add(RequestRecord record)
    {
        Records++;
        Errors[(int)record.Error]++;
        Rescued += record.Rescued ? 1 : 0;
        Retries += record.Attempts.Count(a => a.IsRetry);
        Failovers += record.Attempts.Any(a => a.Target != record.Attempts[0].Target) ? 1 : 0;
    }

    /// <summary>Adds another run's.</summary>
    public void Add(Tally other)
    {
        Attempts += other.Attempts;
        Rescues += other.Rescues;
        Probes += other.Probes;
        RetriesRefused += other.RetriesRefused;
        Records += other.Records;
        Retries += other.Retries;
        Failovers += other.Failovers;
        Rescued += other.Rescued;
        Add(Faults, other.Faults);
        Add(Outcomes, other.Outcomes);
        Add(Errors, other.Errors);
    }

    private static void Add(long[] to, long[] more)
    {
        for (var i = 0; i < to.Length; i++)
        {
            to[i] += more[i];
        }
    }
}
