using Relay.Load.Overload;

namespace Relay.Load.Tests;

public class RecoveryTests
{
    private const long End = 10_000_000;

    /// <summary>Two seconds before, 20 requests a slice of 100 ms each, all about 100 ms long; the worst slice has a p90 of 110 ms.</summary>
    private static readonly Sent[] Before = [.. Requests(0, 400, i => new(0, i / 20 == 15 ? 110_000 : 100_000, Outcome.Served))];

    [Fact]
    public void NothingShedAndNothingSlower_IsRecoveredAtOnce() =>
        Assert.Equal(TimeSpan.Zero, Recovery.Of(Before, After(_ => new(0, 110_000, Outcome.Served)), End));

    [Theory]
    [InlineData(nameof(Outcome.Shed), 1_000)]
    [InlineData(nameof(Outcome.Lost), 1_000)]
    [InlineData(nameof(Outcome.Served), 110_001)]
    public void SlicesThatAreNotAsBefore_DelayIt(string outcome, long micros) =>
        Assert.Equal(TimeSpan.FromMilliseconds(300), Recovery.Of(Before, After(slice => slice < 3 ? new(0, micros, Enum.Parse<Outcome>(outcome)) : new(0, 100_000, Outcome.Served)), End));

    [Fact]
    public void OneRequestShedLater_StartsTheCountAnew() =>
        Assert.Equal(
            TimeSpan.FromMilliseconds(500),
            Recovery.Of(Before, [.. After(_ => new(0, 100_000, Outcome.Served)).Select((r, i) => i == 4 * 20 ? r with { Outcome = Outcome.Shed } : r)], End));

    [Fact]
    public void ShedToTheEnd_IsNeverRecovered() => Assert.Null(Recovery.Of(Before, After(slice => new(0, 100_000, slice % 4 == 0 ? Outcome.Shed : Outcome.Served)), End));

    [Fact]
    public void Phases_AreUnderOverAndUnderTheCapacity()
    {
        var phases = Phase.Of(capacity: 500, factor: 10, TimeSpan.FromSeconds(5));

        Assert.Equal([(0, 10, 400), (10, 5, 5_000), (15, 10, 400)], phases.Select(p => ((int)p.From.TotalSeconds, (int)p.Length.TotalSeconds, (int)p.PerSecond)));
        Assert.Equal([4_000, 25_000, 4_000], phases.Select(p => p.Offsets.Count()));
    }

    private static Sent[] After(Func<int, Sent> request) => [.. Requests(End, 400, i => request(i / 20))];

    private static IEnumerable<Sent> Requests(long from, int count, Func<int, Sent> request) =>
        Enumerable.Range(0, count).Select(i => request(i) with { AtMicros = from + (i * Recovery.SliceMicros / 20) });
}
