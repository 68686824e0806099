namespace Relay.Simulator;

/// <summary>The requests that arrived, newest kept: a ring that overwrites the oldest. Waits end on the event itself, so tests never poll.</summary>
public sealed class RequestLog
{
    private readonly Lock _gate = new();
    private readonly LoggedRequest?[] _ring;
    private readonly List<Waiter> _waiters = [];
    private readonly TimeProvider _time;
    private readonly long _started;
    private long _total;
    private int _waiting;

    internal RequestLog(TimeProvider time, int capacity)
    {
        _time = time;
        _started = time.GetTimestamp();
        _ring = new LoggedRequest?[capacity];
    }

    /// <summary>Requests since the log began or was cleared, overwritten ones included.</summary>
    public long Total
    {
        get
        {
            lock (_gate)
            {
                return _total;
            }
        }
    }

    /// <summary>The requests kept, oldest first.</summary>
    public IReadOnlyList<LoggedRequest> Entries
    {
        get
        {
            lock (_gate)
            {
                return [.. Kept()];
            }
        }
    }

    /// <summary>The newest request, or null.</summary>
    public LoggedRequest? Last
    {
        get
        {
            lock (_gate)
            {
                return _total == 0 ? null : _ring[(_total - 1) % _ring.Length];
            }
        }
    }

    /// <summary>The kept requests for a model, oldest first.</summary>
    public IReadOnlyList<LoggedRequest> For(string model) => [.. Entries.Where(e => e.Model == model)];

    /// <summary>How many of the kept requests were for a model.</summary>
    public int CountFor(string model) => Entries.Count(e => e.Model == model);

    /// <summary>Waits for a request that fits, kept ones included. Looked at on arrival, after each chunk sent, and at the end.</summary>
    /// <param name="predicate">Runs under the log's lock: it must be quick and must not call the log.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<LoggedRequest> WaitForAsync(Func<LoggedRequest, bool> predicate, CancellationToken cancellationToken = default)
    {
        var found = await WaitForCountAsync(1, predicate, cancellationToken);
        return found[0];
    }

    /// <summary>Waits until at least <paramref name="count"/> kept requests fit; gives all that do, oldest first.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="predicate">As in <see cref="WaitForAsync"/>; null is any request.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<LoggedRequest>> WaitForCountAsync(int count, Func<LoggedRequest, bool>? predicate = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        cancellationToken.ThrowIfCancellationRequested();
        var waiter = new Waiter(count, predicate ?? (_ => true));
        lock (_gate)
        {
            // Announced before the scan (a full fence, see Changed), so that no change falls between scan and wait.
            _waiters.Add(waiter);
            Interlocked.Exchange(ref _waiting, _waiters.Count);
            if (waiter.TryEnd(Kept()))
            {
                _waiters.Remove(waiter);
                Interlocked.Exchange(ref _waiting, _waiters.Count);
            }
        }

        await using var registration = cancellationToken.Register(() =>
        {
            Remove(waiter);
            waiter.Found.TrySetCanceled(cancellationToken);
        });
        return await waiter.Found.Task;
    }

    /// <summary>Forgets all requests; sequences start again at 1. Waits go on.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            Array.Clear(_ring);
            _total = 0;
        }
    }

    /// <summary>Time since the log began, on the clock of its entries.</summary>
    public TimeSpan Now => _time.GetElapsedTime(_started);

    internal void Add(LoggedRequest entry)
    {
        lock (_gate)
        {
            entry.Sequence = _total + 1;
            _ring[_total % _ring.Length] = entry;
            _total++;
        }

        Changed();
    }

    internal void End(LoggedRequest entry, RequestEnding ending)
    {
        entry.End(ending, Now);
        Changed();
    }

    /// <summary>Says that an entry's figures have changed. Costs next to nothing while nobody waits.</summary>
    internal void Changed()
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _waiting) == 0)
        {
            return;
        }

        lock (_gate)
        {
            _waiters.RemoveAll(w => w.TryEnd(Kept()));
            Interlocked.Exchange(ref _waiting, _waiters.Count);
        }
    }

    private IEnumerable<LoggedRequest> Kept()
    {
        for (var i = Math.Max(0, _total - _ring.Length); i < _total; i++)
        {
            yield return _ring[i % _ring.Length]!;
        }
    }

    private void Remove(Waiter waiter)
    {
        lock (_gate)
        {
            _waiters.Remove(waiter);
            Interlocked.Exchange(ref _waiting, _waiters.Count);
        }
    }

    private sealed class Waiter(int count, Func<LoggedRequest, bool> predicate)
    {
        // Asynchronous continuations: a waiting test must not run under the lock.
        public TaskCompletionSource<IReadOnlyList<LoggedRequest>> Found { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool TryEnd(IEnumerable<LoggedRequest> kept)
        {
            try
            {
                var found = kept.Where(predicate).ToArray();
                return found.Length >= count && Found.TrySetResult(found);
            }
            catch (Exception e)
            {
                // A predicate's failure is the waiting test's, not the request's.
                return Found.TrySetException(e);
            }
        }
    }
}
