namespace Relay.Silo.Grains;

/// <summary>What a grain remembers of one gateway: which of its deltas were counted, and the latest that it said of now.</summary>
/// <param name="gateway">The gateway's id.</param>
internal sealed class GatewayReport(string gateway)
{
    private SequenceWindow _sequences;

    /// <summary>The gateway's id.</summary>
    public string Gateway { get; } = gateway;

    /// <summary>When anything of it came last, a re-sent delta included; monotonic.</summary>
    public TimeSpan HeardAt { get; set; }

    /// <summary>What it has under way, by its latest delta.</summary>
    public int Active { get; private set; }

    /// <summary>Its breaker, by its latest delta; null for models, which have none.</summary>
    public BreakerReport? Breaker { get; private set; }

    /// <summary>The first of its deltas that was heard; 0 before.</summary>
    public long First { get; private set; }

    /// <summary>What it reported before <see cref="First"/> is here as well.</summary>
    public bool IsWhole { get; set; }

    /// <summary>What it says of its own breaker, for the cluster's.</summary>
    public BreakerAsk Ask { get; set; }

    /// <summary>Of its openings, how many have been told to the cluster's breaker; null before anything was.</summary>
    public long? OpeningsTold { get; set; }

    /// <summary>What is known of it.</summary>
    public Receipt Receipt => new(First, First > 1 && !IsWhole);

    /// <summary>Brings back one that another process knew.</summary>
    public void Resume(GatewayMemory memory, TimeSpan now)
    {
        _sequences = SequenceWindow.Of(memory.Highest, memory.Seen);
        (First, IsWhole, Active, Breaker, HeardAt) = (memory.First, memory.IsWhole, memory.Active, memory.Breaker, now);
    }

    /// <summary>All that is known of it.</summary>
    public GatewayMemory Remember() => new(Gateway, _sequences.Highest, _sequences.Seen, First, IsWhole, Active, Breaker);

    /// <summary>True when a delta between the latest one and this one never came.</summary>
    public bool Skips(long sequence) => sequence > _sequences.Highest + 1;

    /// <summary>True when the delta of this number was counted before.</summary>
    public bool WasCounted(long sequence) => _sequences.WasSeen(sequence);

    /// <summary>Takes over a delta that was counted now. One that was overtaken by a later one changes nothing but the numbers seen.</summary>
    public void Take(long sequence, int active, BreakerReport? breaker)
    {
        if (_sequences.IsLatest(sequence))
        {
            Active = Math.Max(0, active);
            Breaker = breaker;
        }

        First = First == 0 ? sequence : First;
        _sequences.Mark(sequence);
    }
}
