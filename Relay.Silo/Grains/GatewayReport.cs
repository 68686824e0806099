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

        _sequences.Mark(sequence);
    }
}
