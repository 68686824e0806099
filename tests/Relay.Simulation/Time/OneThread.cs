namespace Relay.Simulation.Time;

/// <summary>
/// Runs everything that the code under test continues after an await, one piece after the other, on the thread of the run. With a seed
/// of its own it takes the pieces that are ready in any order, as a thread pool may.
/// </summary>
/// <param name="order">Picks among what is ready; null: first come, first served.</param>
internal sealed class OneThread(Rng? order) : SynchronizationContext
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<(SendOrPostCallback Callback, object? State)> _ready = [];
    private volatile string? _escape;

    /// <summary>Where something ran on another thread: then the run proves nothing. Null: nothing did.</summary>
    public string? Escape => _escape;

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsHere())
        {
            _ready.Add((d, state));
        }
    }

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state) => d(state);

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs until nothing is ready.</summary>
    /// <returns>How many pieces ran.</returns>
    public int RunReady()
    {
        var count = 0;
        SetSynchronizationContext(this);
        for (; _ready.Count > 0; count++)
        {
            var index = order?.Below(_ready.Count) ?? 0;
            var (callback, state) = _ready[index];
            _ready.RemoveAt(index);
            callback(state);
        }

        SetSynchronizationContext(null);
        return count;
    }

    /// <summary>True on the thread of the run; elsewhere the place is noted.</summary>
    public bool IsHere()
    {
        if (Environment.CurrentManagedThreadId == _thread)
        {
            return true;
        }

        _escape ??= Environment.StackTrace;
        return false;
    }
}
