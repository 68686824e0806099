using Relay.Core.Breaker;
using Relay.Core.Slow;

namespace Relay.Core.Tests.Slow;

/// <summary>One guard and one clock, told attempt by attempt.</summary>
internal sealed class SlowStory(SlowOptions? options = null, BreakerOptions? breaker = null)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    public SlowGuard Guard { get; } = new(options ?? SlowOptions.Default, breaker ?? BreakerOptions.Default);

    public TimeSpan Now { get; private set; } = TimeSpan.FromHours(1);

    public BreakerSnapshot State => Guard.Snapshot(Now);

    public bool IsAvoided => Guard.IsAvoided(Now, 0.5, out _);

    public SlowStory Wait(double seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        return this;
    }

    public SlowTicket Enter(bool streams = true, int bytes = 1000, bool reasons = false, TimeSpan? max = null) =>
        Guard.Enter(SlowClass.Of(bytes, reasons), streams, max ?? TimeSpan.MaxValue, Now, Lease, 0.5);

    /// <summary>One stream after the other; true when the last one was slow.</summary>
    public bool Stream(double firstMs, double gapMs = 20, int times = 1, int bytes = 1000, bool reasons = false, TimeSpan? max = null)
    {
        var ticket = default(SlowTicket);
        for (var i = 0; i < times; i++)
        {
            ticket = Enter(bytes: bytes, reasons: reasons, max: max);
            Wait(firstMs / 1000);
            Guard.FirstToken(ref ticket, TimeSpan.FromMilliseconds(firstMs), alone: false, Now, 0.5);
            Guard.InterToken(ref ticket, TimeSpan.FromMilliseconds(gapMs), Now, 0.5);
            Guard.Leave(ref ticket, answered: true, waitedFor: null, Now, 0.5);
        }

        return ticket.IsSlow;
    }

    public bool Plain(double ms, long tokens, int times = 1)
    {
        var ticket = default(SlowTicket);
        for (var i = 0; i < times; i++)
        {
            ticket = Enter(streams: false);
            Wait(ms / 1000);
            Guard.Plain(ref ticket, TimeSpan.FromMilliseconds(ms), tokens, Now, 0.5);
            Guard.Leave(ref ticket, answered: true, waitedFor: null, Now, 0.5);
        }

        return ticket.IsSlow;
    }

    /// <summary>One whose client leaves, or whose limit is hit, before anything came.</summary>
    public bool GiveUp(double afterMs, bool streams = true)
    {
        var ticket = Enter(streams);
        Wait(afterMs / 1000);
        Guard.Leave(ref ticket, answered: false, TimeSpan.FromMilliseconds(afterMs), Now, 0.5);
        return ticket.IsSlow;
    }

    /// <summary>Enough streams of 400 ms to know what is usual.</summary>
    public SlowStory Learn()
    {
        for (var i = 0; i < 60; i++)
        {
            Stream(300 + (i % 5 * 50));
        }

        return this;
    }

    public SlowStory Trip()
    {
        Stream(1_700, gapMs: 20, times: 5);
        Assert.Equal((BreakerState.Open, BreakerReason.Slow), (State.State, State.Reason));
        return this;
    }
}
