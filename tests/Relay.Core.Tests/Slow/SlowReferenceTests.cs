using FsCheck;
using FsCheck.Fluent;
using Relay.Core.Slow;
using Relay.Core.Tests.Breaker;

namespace Relay.Core.Tests.Slow;

/// <summary>The whole rule in virtual time: 50 streams a second, two targets, the first one preferred.</summary>
public class SlowReferenceTests
{
    private static readonly TimeSpan T0 = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Over = T0 + TimeSpan.FromMinutes(2);

    private static readonly Gen<(int Seed, double Sigma, int FirstTokenMs)> Worlds =
        from seed in Gen.Choose(0, int.MaxValue - 1)
        from sigma in Gen.Choose(10, 60)
        from ms in Gen.Choose(100, 1_000)
        select (seed, sigma / 100.0, ms);

    [Fact]
    public void Four_times_slower_moves_95_percent_within_5_seconds_and_back_when_it_is_over() =>
        Always.Holds(
            Worlds,
            one =>
            {
                var world = World(one, new Pace { Factor = at => at >= T0 && at < Over ? 4 : 1 });
                world.RunUntil(Over + TimeSpan.FromSeconds(90));

                Assert.Equal(1, world.Share(0, T0 - TimeSpan.FromSeconds(30), T0));
                var moved = world.Share(1, T0 + TimeSpan.FromSeconds(5), Over);
                Assert.True(moved >= 0.95, $"only {moved:P1} went to the backup");
                Assert.True(world.Share(0, Over + TimeSpan.FromSeconds(60), Over + TimeSpan.FromSeconds(90)) > 0.99, "not back");
            },
            runs: 40);

    [Fact]
    public void Slow_tokens_alone_move_the_traffic_as_well() =>
        Always.Holds(
            Worlds,
            one =>
            {
                var world = World(one, new Pace { InterTokenFactor = at => at >= T0 && at < Over ? 4 : 1 });
                world.RunUntil(Over + TimeSpan.FromSeconds(90));

                var moved = world.Share(1, T0 + TimeSpan.FromSeconds(8), Over);
                Assert.True(moved >= 0.95, $"only {moved:P1} went to the backup");
                Assert.True(world.Share(0, Over + TimeSpan.FromSeconds(60), Over + TimeSpan.FromSeconds(90)) > 0.99, "not back");
            },
            runs: 25);

    [Fact]
    public void Steady_noise_never_makes_a_target_slow() =>
        Always.Holds(
            Worlds,
            one =>
            {
                var world = World(one, new Pace());
                world.RunUntil(TimeSpan.FromMinutes(20));

                Assert.Equal(0, world.Guard(0).Snapshot(world.Now).Opened);
            },
            runs: 25);

    private static SlowWorld World((int Seed, double Sigma, int FirstTokenMs) one, Pace primary)
    {
        var first = TimeSpan.FromMilliseconds(one.FirstTokenMs);
        return new(one.Seed, SlowOptions.Default, primary with { Sigma = one.Sigma, FirstToken = first }, new Pace { Sigma = one.Sigma, FirstToken = first * 1.3 });
    }
}
