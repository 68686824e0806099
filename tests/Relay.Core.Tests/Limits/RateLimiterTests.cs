using FsCheck.Fluent;
using Relay.Core.Limits;
using Relay.Core.Tests.Breaker;

namespace Relay.Core.Tests.Limits;

public class RateLimiterTests
{
    private static readonly TimeSpan Start = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(9, 1)]
    [InlineData(19, 1)]
    [InlineData(60, 6)]
    [InlineData(6_000, 600)]
    public void Full_bucket_lets_a_tenth_of_a_minute_through_at_once_and_at_least_one(int perMinute, int burst)
    {
        var limiter = new RateLimiter(perMinute);
        Assert.Equal(burst, Enumerable.Range(0, burst * 2).Count(_ => limiter.TryTake(Start, out var _)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(60)]
    [InlineData(100_000)]
    public void Over_a_long_time_the_rate_is_reached_and_not_passed(int perMinute)
    {
        var limiter = new RateLimiter(perMinute);
        var taken = 0;
        var now = Start;
        while (now < Start + TimeSpan.FromMinutes(10))
        {
            if (limiter.TryTake(now, out var wait))
            {
                taken++;
            }

            now += wait;
        }

        var burst = Math.Max(1, perMinute / 10);
        Assert.InRange(taken, (perMinute * 10) - 1, (perMinute * 10) + burst);
    }

    [Fact]
    public void In_no_interval_more_pass_than_the_rate_times_its_length_plus_the_burst() =>
        Always.Holds(
            from perMinute in Rate
            from steps in Gen.Frequency((6, Gen.Choose(0, 100)), (3, Gen.Choose(0, 5_000)), (1, Gen.Choose(0, 120_000))).ListOf(120)
            select (perMinute, steps),
            run =>
            {
                var limiter = new RateLimiter(run.perMinute);
                var burst = Math.Max(1, run.perMinute / 10);
                var passed = new List<long>();
                var now = Start;
                foreach (var ms in run.steps)
                {
                    now += TimeSpan.FromMilliseconds(ms);
                    for (var i = 0; i < 3 && limiter.TryTake(now, out _); i++)
                    {
                        passed.Add(now.Ticks);
                    }
                }

                // Every interval that starts and ends with a request, in whole numbers: count <= rate * length + burst.
                for (var from = 0; from < passed.Count; from++)
                {
                    for (var to = from; to < passed.Count; to++)
                    {
                        Int128 allowed = ((Int128)run.perMinute * (passed[to] - passed[from])) + ((Int128)burst * TimeSpan.TicksPerMinute);
                        Assert.True((Int128)(to - from + 1) * TimeSpan.TicksPerMinute <= allowed, $"{to - from + 1} requests in {passed[to] - passed[from]} ticks");
                    }
                }
            },
            runs: 300);

    [Fact]
    public void Waiting_as_told_always_succeeds_and_a_tick_less_never_does() =>
        Always.Holds(
            from perMinute in Rate
            from steps in Gen.Choose(0, 2_000).ListOf(100)
            select (perMinute, steps),
            run =>
            {
                var limiter = new RateLimiter(run.perMinute);
                var now = Start;
                foreach (var ms in run.steps)
                {
                    now += TimeSpan.FromMilliseconds(ms);
                    if (limiter.TryTake(now, out var wait))
                    {
                        Assert.Equal(TimeSpan.Zero, wait);
                        continue;
                    }

                    Assert.True(wait > TimeSpan.Zero);
                    Assert.False(limiter.TryTake(now + wait - TimeSpan.FromTicks(1), out var rest));
                    Assert.Equal(1, rest.Ticks);
                    now += wait;
                    Assert.True(limiter.TryTake(now, out _));
                }
            });

    [Fact]
    public void Refused_requests_cost_nothing()
    {
        var limiter = new RateLimiter(60);
        while (limiter.TryTake(Start, out _))
        {
            // Empties the bucket.
        }

        for (var i = 0; i < 1_000; i++)
        {
            Assert.False(limiter.TryTake(Start, out var wait));
            Assert.Equal(TimeSpan.FromSeconds(1), wait);
        }
    }

    [Theory]
    [InlineData(7)]
    [InlineData(11)]
    [InlineData(19)]
    public void Rate_that_ticks_cannot_express_is_rounded_down(int perMinute)
    {
        var limiter = new RateLimiter(perMinute);
        Assert.True(limiter.TryTake(Start, out _));
        var now = Start;
        for (var taken = 2; taken < 1_000; taken++)
        {
            Assert.False(limiter.TryTake(now, out var wait));
            now += wait;
            Assert.True(limiter.TryTake(now, out _));
            Assert.True((taken - 1) * TimeSpan.TicksPerMinute <= perMinute * (now - Start).Ticks);
        }
    }

    [Fact]
    public void Time_going_backwards_refuses_or_allows_and_never_throws()
    {
        var limiter = new RateLimiter(60);
        Assert.True(limiter.TryTake(Start, out _));
        Assert.False(limiter.TryTake(TimeSpan.Zero, out var wait));
        Assert.True(limiter.TryTake(wait, out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Rate_below_one_a_minute_is_refused(int perMinute) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RateLimiter(perMinute));

    private static FsCheck.Gen<int> Rate => Gen.Frequency((3, Gen.Choose(1, 100)), (3, Gen.Choose(100, 10_000)), (1, Gen.Choose(1, int.MaxValue)));
}
