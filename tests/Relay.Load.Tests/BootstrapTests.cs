using Relay.Load.Ttft;

namespace Relay.Load.Tests;

public class BootstrapTests
{
    [Theory]
    [InlineData(0.5, 50)]
    [InlineData(0.99, 99)]
    [InlineData(1, 100)]
    [InlineData(0, 1)]
    public void Quantile_IsTheSmallestThatTheShareIsNotOver(double q, long expected) =>
        Assert.Equal(expected, Bootstrap.Quantile([.. Enumerable.Range(1, 100).Select(i => (long)(101 - i))], q));

    [Fact]
    public void SameShiftOfEachPair_IsFoundExactlyWhateverTheirNoise()
    {
        var random = new Random(5);
        var a = Enumerable.Range(0, 2_000).Select(_ => (long)(100 + (random.NextDouble() < 0.05 ? random.Next(50_000) : random.Next(50)))).ToArray();

        var added = Bootstrap.Difference(a, [.. a.Select(v => v + 70)], 0.99, random);

        Assert.Equal((70, 70, 70), (added.Value, added.Low, added.High));
    }

    /// <summary>The true difference is 30; of a hundred runs its interval must miss it about five times.</summary>
    [Fact]
    public void Interval_HoldsTheTrueDifferenceAsOftenAsItSays()
    {
        var random = new Random(6);
        var missed = 0;
        for (var run = 0; run < 100; run++)
        {
            var a = Draw(random, 0);
            var added = Bootstrap.Difference(a, Draw(random, 30), 0.5, random);
            missed += added.Low > 30 || added.High < 30 ? 1 : 0;
        }

        Assert.InRange(missed, 0, 12);
    }

    [Fact]
    public void ValuesWithoutPartners_AreRefused() => Assert.Throws<ArgumentException>(() => Bootstrap.Difference([1, 2], [1], 0.5, new Random(1)));

    private static long[] Draw(Random random, int shift) => [.. Enumerable.Range(0, 300).Select(_ => (long)random.Next(1_000) + shift)];
}
