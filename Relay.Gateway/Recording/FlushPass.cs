using System.Runtime.ExceptionServices;

namespace Relay.Gateway.Recording;

/// <summary>One round over all outboxes: how long a call may take, and what failed first.</summary>
/// <param name="cancellation">Ends the round.</param>
internal sealed class FlushPass(CancellationToken cancellation)
{
    /// <summary>How long a grain may take: 2 s.</summary>
    public static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(2);

    /// <summary>How long each may take once one took too long, so that a silent cluster does not cost the limit for every name: 100 ms.</summary>
    public static readonly TimeSpan LateCallLimit = TimeSpan.FromMilliseconds(100);

    private TimeSpan _limit = CallLimit;
    private ExceptionDispatchInfo? _first;

    /// <summary>Ends the round.</summary>
    public CancellationToken Cancellation => cancellation;

    /// <summary>The limit of the next call.</summary>
    public CancellationTokenSource LimitCall()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_limit);
        return limit;
    }

    /// <summary>A call failed.</summary>
    /// <param name="e">Why.</param>
    /// <param name="late">It took too long.</param>
    public void Failed(Exception e, bool late)
    {
        _first ??= ExceptionDispatchInfo.Capture(e);
        _limit = late ? LateCallLimit : _limit;
    }

    /// <summary>Throws what failed first, if anything did.</summary>
    public void ThrowIfFailed() => _first?.Throw();
}
