using Relay.Silo.Grains;

namespace Relay.Gateway.Recording;

/// <summary>What one target or model has sent: at most one delta waits.</summary>
/// <param name="name">Its name.</param>
/// <param name="source">Where it is counted.</param>
/// <param name="sequence">The number before its first.</param>
/// <typeparam name="TDelta">What is sent.</typeparam>
/// <typeparam name="TSource">Where it is counted.</typeparam>
internal sealed class Outbox<TDelta, TSource>(string name, TSource source, long sequence)
    where TDelta : class
{
    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>Where it is counted now.</summary>
    public TSource Source { get; set; } = source;

    /// <summary>The delta that has not arrived yet; null for none.</summary>
    public TDelta? Pending { get; set; }

    /// <summary>The number of the last delta.</summary>
    public long Sequence { get; set; } = sequence;

    /// <summary>What was said last of how many are under way.</summary>
    public int LastActive { get; set; }

    /// <summary>What was said last of the breaker.</summary>
    public BreakerAsk LastAsk { get; set; }

    /// <summary>When the last delta went out; monotonic, null for never.</summary>
    public TimeSpan? LastSentAt { get; set; }

    /// <summary>What has arrived, kept for a grain that is lost; null when nothing is kept.</summary>
    public RetainedMeter? Kept { get; set; }

    /// <summary>What a grain that started anew has asked for and not got yet; null for nothing.</summary>
    public HistoryDelivery? Missing { get; set; }
}

/// <summary>The outboxes of one kind by name.</summary>
/// <typeparam name="TDelta">What is sent.</typeparam>
/// <typeparam name="TSource">Where it is counted.</typeparam>
internal sealed class Outboxes<TDelta, TSource>
    where TDelta : class
{
    private readonly Dictionary<string, Outbox<TDelta, TSource>> _all = [];

    /// <summary>A name that comes back goes on above this, since a number that a grain has seen under it counts as sent twice.</summary>
    private long _floor;

    /// <summary>The outbox of a name, made when it is new.</summary>
    public Outbox<TDelta, TSource> For(string name, TSource source)
    {
        if (_all.TryGetValue(name, out var outbox))
        {
            outbox.Source = source;
            return outbox;
        }

        return _all[name] = new(name, source, _floor);
    }

    /// <summary>Forgets all others than these.</summary>
    /// <param name="count">How many names; all of them have an outbox.</param>
    /// <param name="names">The names, each once.</param>
    public void KeepOnly(int count, IEnumerable<string> names)
    {
        if (_all.Count == count)
        {
            return;
        }

        foreach (var outbox in _all.Values.ExceptBy(names, outbox => outbox.Name).ToArray())
        {
            _floor = Math.Max(_floor, outbox.Sequence);
            _all.Remove(outbox.Name);
        }
    }
}
