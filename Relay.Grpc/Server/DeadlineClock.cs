namespace Relay.Grpc.Server;

/// <summary>A call's deadline, together with its client's leaving.</summary>
internal sealed class DeadlineClock : IDisposable
{
    /// <summary>Timers reach this far; a later deadline comes then.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenSource _both;

    public DeadlineClock(TimeSpan timeout, TimeProvider time, CancellationToken clientGone)
    {
        _deadline = new CancellationTokenSource(timeout < Longest ? timeout : Longest, time);
        _both = CancellationTokenSource.CreateLinkedTokenSource(_deadline.Token, clientGone);
    }

    /// <summary>Cancelled when the deadline passes or the client leaves.</summary>
    public CancellationToken Token => _both.Token;

    /// <summary>The deadline has passed.</summary>
    public bool IsOver => _deadline.IsCancellationRequested;

    public void Dispose()
    {
        _both.Dispose();
        _deadline.Dispose();
    }
}
