namespace Relay.Core.Breaker;

/// <summary>The changes of a breaker since somebody last took them: at most <see cref="Max"/>, and past that the oldest is forgotten. Not thread-safe.</summary>
internal sealed class TransitionLog
{
    /// <summary>The most that are kept.</summary>
    public const int Max = 50;

    /// <summary>Null as long as nothing changed, as with most breakers for most of the time.</summary>
    private Queue<BreakerTransition>? _kept;

    /// <summary>Keeps one.</summary>
    public void Add(in BreakerTransition transition)
    {
        _kept ??= new();
        if (_kept.Count == Max)
        {
            _kept.Dequeue();
        }

        _kept.Enqueue(transition);
    }

    /// <summary>Takes them, oldest first.</summary>
    public BreakerTransition[] Take()
    {
        BreakerTransition[] taken = _kept is null ? [] : [.. _kept];
        _kept = null;
        return taken;
    }
}
