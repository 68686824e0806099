using Relay.Core.Breaker;

namespace Relay.Core.Tests.Breaker;

/// <summary>A breaker with a clock, for examples that read like a story.</summary>
internal sealed class Story(BreakerOptions options)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(12);

    private readonly CircuitBreaker _breaker = new(options);
    private readonly TimeSpan _start = TimeSpan.FromHours(1);
    private TimeSpan _now = TimeSpan.FromHours(1);

    /// <summary>Since the story began.</summary>
    public TimeSpan Elapsed => _now - _start;

    public BreakerSnapshot Now => _breaker.Snapshot(_now);

    public BreakerState State => Now.State;

    /// <summary>How long the current opening lasts, from its begin.</summary>
    public TimeSpan OpenFor => Now.OpenUntil - Now.Since;

    public static Story OfTripped(BreakerOptions options)
    {
        var story = new Story(options);
        story.Serve(Verdict.Failure, options.ConsecutiveFailures);
        Assert.Equal(BreakerState.Open, story.State);
        return story;
    }

    public void Wait(double seconds) => _now += TimeSpan.FromSeconds(seconds);

    public void WaitUntilProbe() => _now = Now.OpenUntil;

    public BreakerAdmission Enter(double sample = 0) => _breaker.TryEnter(_now, Lease, sample);

    /// <summary>Enters; fails the test when that is not allowed.</summary>
    public ProbeLease Send(double sample = 0)
    {
        var admission = Enter(sample);
        Assert.True(admission.Allowed);
        return admission.Lease;
    }

    public ProbeLease SendProbe()
    {
        var lease = Send();
        Assert.True(lease.IsHeld);
        return lease;
    }

    public void Answered(ProbeLease lease) => _breaker.ProbeAnswered(lease, _now);

    public void Record(Verdict verdict, ProbeLease lease, double sample = 0.5) => _breaker.Record(verdict, lease, _now, sample);

    public void Serve(Verdict verdict, int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            Record(verdict, Send());
        }
    }

    public TimeSpan? RefusedFor => _breaker.CanEnter(_now, out var retryAt) ? null : retryAt - _now;
}
