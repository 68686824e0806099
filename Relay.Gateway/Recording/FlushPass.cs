using System.Runtime.ExceptionServices;

namespace Relay.Gateway.Recording;

/// <summary>One round over all outboxes: how long a call may take, and what failed first. Thread-safe.</summary>
/// <param name="time">The clock.</param>
/// <param name="cancellation">Ends the round.</param>
internal sealed class FlushPass(TimeProvider time, CancellationToken cancellation) : IDisposable
{
    /// <summary>How long a grain may take: 2 s.</summary>
    public static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(2);

    /// <summary>How long each may take once one took too long, so that a silent cluster does not cost the limit for every name: 100 ms.</summary>
    public static readonly TimeSpan LateCallLimit = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private TimeSpan _limit = CallLimit;
    private ExceptionDispatchInfo? _first;
    private CallLimit? _spare;

    /// <summary>Ends the round.</summary>
    public CancellationToken Cancellation => cancellation;

    /// <summary>The limit of the next call: the one of the call before, when that needed no time.</summary>
    public CallLimit LimitCall()
    {
        lock (_gate)
        {
            var limit = _spare ?? new(new CancellationTokenSource(_limit, time), cancellation);
            _spare = null;
            return limit;
        }
    }

    /// <summary>The call is over.</summary>
    /// <param name="limit">Its limit.</param>
    /// <param name="tookTime">It did not end at once; then its limit has begun to run, and is no other's.</param>
    public void End(CallLimit limit, bool tookTime)
    {
        lock (_gate)
        {
            if (!tookTime && _spare is null)
            {
                _spare = limit;
                return;
            }
        }

        limit.Dispose();
    }

    /// <summary>A call failed.</summary>
    /// <param name="e">Why.</param>
    /// <param name="late">It took too long.</param>
    public void Failed(Exception e, bool late)
    {
        lock (_gate)
        {
            _first ??= ExceptionDispatchInfo.Capture(e);
            _limit = late ? LateCallLimit : _limit;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _spare?.Dispose();

    /// <summary>Throws what failed first, if anything did.</summary>
    public void ThrowIfFailed() => _first?.Throw();
}

/// <summary>How long one call may take, and the end of its round.</summary>
internal readonly struct CallLimit : IDisposable
{
    private readonly CancellationTokenSource _limit;
    private readonly CancellationTokenRegistration _round;

    /// <summary>Starts it.</summary>
    /// <param name="limit">Cancelled when the call takes too long; disposed with this.</param>
    /// <param name="round">Ends the round.</param>
    public CallLimit(CancellationTokenSource limit, CancellationToken round)
    {
        _limit = limit;
        _round = round.UnsafeRegister(static limit => ((CancellationTokenSource)limit!).Cancel(), limit);
    }

    /// <summary>What the call is cancelled with.</summary>
    public CancellationToken Token => _limit.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _round.Dispose();
        _limit.Dispose();
    }
}
