using Relay.Core.Breaker;
using Relay.Silo.Grains;

namespace Relay.Silo.Tests.Grains;

/// <summary>One breaker for all gateways: trips spread, one of them probes.</summary>
public class ClusterBreakerTests
{
    private static readonly TimeSpan Start = TimeSpan.FromDays(20_000);

    private readonly TargetGrain _grain = new("t");
    private readonly Dictionary<string, long> _sequences = [];

    [Fact]
    public void OneGateway_DecidesAlone() => Assert.True(Say("a", Start, Open(1)).IsAlone);

    [Fact]
    public void TripOfOne_OpensForAllForAsLong()
    {
        Say("b", Start, Closed());
        Say("a", Start, Open(1, seconds: 5));
        var view = Say("b", Start + TimeSpan.FromSeconds(1), Closed());
        Assert.Equal((true, TimeSpan.FromSeconds(4), TimeSpan.Zero, false), (view.IsOpen, view.OpenFor, view.LeaseFor, view.IsAlone));
    }

    [Fact]
    public void WhoFollows_TripsNobody()
    {
        Say("a", Start, Closed());
        var view = Say("b", Start, new(BreakerState.Open, Follows: true, 0, TimeSpan.FromSeconds(5), WantsProbe: false, default));
        Assert.False(view.IsOpen);
    }

    [Fact]
    public void OpenTimePassed_OneOfThoseThatWantToProbes()
    {
        Trip();
        var now = Start + TimeSpan.FromSeconds(6);
        Assert.Equal(TimeSpan.Zero, Say("a", now, Follow()).LeaseFor);
        Assert.Equal(ClusterBreaker.LeaseFor, Say("b", now, Follow(wants: true)).LeaseFor);
        Assert.Equal(TimeSpan.Zero, Say("a", now, Follow(wants: true)).LeaseFor);

        // It did not use its lease: the next one may.
        now += ClusterBreaker.LeaseFor;
        Assert.Equal(ClusterBreaker.LeaseFor, Say("a", now, Follow(wants: true)).LeaseFor);
    }

    [Fact]
    public void ProbeUnderWay_KeepsTheLeaseForAsLongAsItMayTake()
    {
        Trip();
        var now = Start + TimeSpan.FromSeconds(6);
        Say("b", now, Follow(wants: true));
        Say("b", now, new(BreakerState.HalfOpen, false, 0, default, false, TimeSpan.FromSeconds(30)));
        Assert.Equal(TimeSpan.Zero, Say("a", now + TimeSpan.FromSeconds(9), Follow(wants: true)).LeaseFor);
    }

    [Fact]
    public void ProbeThatAnswers_ClosesForAll()
    {
        Trip();
        var now = Start + TimeSpan.FromSeconds(6);
        var before = Say("b", now, Follow(wants: true)).Epoch;
        Say("b", now, new(BreakerState.Ramping, false, 0, default, false, default));
        var view = Say("a", now, Open(1, seconds: 0));
        Assert.False(view.IsOpen);
        Assert.True(view.Epoch > before);
    }

    [Fact]
    public void ProbeThatFails_OpensAgainForAll()
    {
        Trip();
        var now = Start + TimeSpan.FromSeconds(6);
        Say("b", now, Follow(wants: true));
        Say("b", now, Open(1, seconds: 10));
        var view = Say("a", now, Follow(wants: true));
        Assert.Equal((true, TimeSpan.FromSeconds(10), TimeSpan.Zero), (view.IsOpen, view.OpenFor, view.LeaseFor));
    }

    [Fact]
    public void LostGrain_LearnsOfATripFromTheOneThatTripped()
    {
        Say("b", Start, Follow());
        Assert.True(Say("a", Start, Open(9)).IsOpen);
    }

    [Fact]
    public void EverybodyClosedMeanwhile_Closes()
    {
        Trip();
        var now = Start + TimeSpan.FromSeconds(6);
        Say("a", now, Closed(opened: 1));
        Assert.False(Say("b", now, Closed()).IsOpen);
    }

    private static BreakerAsk Closed(long opened = 0) => new(BreakerState.Closed, false, opened, default, false, default);

    private static BreakerAsk Open(long opened, int seconds = 5) => new(BreakerState.Open, false, opened, TimeSpan.FromSeconds(seconds), false, default);

    private static BreakerAsk Follow(bool wants = false) => new(BreakerState.Open, true, 0, default, wants, TimeSpan.FromSeconds(1));

    private void Trip()
    {
        Say("b", Start, Closed());
        Say("a", Start, Open(1));
        Say("b", Start, Follow());
    }

    private ClusterView Say(string gateway, TimeSpan now, BreakerAsk ask)
    {
        _sequences[gateway] = _sequences.GetValueOrDefault(gateway) + 1;
        return _grain.Apply(new TargetDelta(gateway, _sequences[gateway], "t", null, Delta.Closed, 0) { Ask = ask }, now).Cluster;
    }
}
