using FsCheck.Fluent;
using Relay.Core.Credentials;
using Relay.Core.Tests.Breaker;

namespace Relay.Core.Tests.Credentials;

public sealed class SmoothOrderTests
{
    [Theory]
    [InlineData(new[] { 1, 1 }, "ab")]
    [InlineData(new[] { 3, 3, 3 }, "abc")]
    [InlineData(new[] { 2, 1, 1 }, "abca")]
    [InlineData(new[] { 5, 1, 1 }, "aabacaa")]
    [InlineData(new[] { 100, 0, 50 }, "aca")]
    [InlineData(new[] { 0, 0 }, "ab")]
    [InlineData(new[] { 7 }, "a")]
    [InlineData(new int[0], "")]
    public void Turns_AreSpreadEvenly(int[] weights, string turns) => Assert.Equal(turns, Text(weights, ulong.MaxValue));

    [Theory]
    [InlineData(0b110UL, "bc")]
    [InlineData(0b101UL, "aca")]
    [InlineData(0b010UL, "b")]
    [InlineData(0b1000UL, "d")]
    [InlineData(0b1010UL, "b")]
    [InlineData(0UL, "")]
    public void LeftOut_HasNoTurn_AndTheOthersShareByWeight(ulong among, string turns) => Assert.Equal(turns, Text([4, 2, 2, 0], among));

    [Fact]
    public void AnyWeights_GiveEachItsShareInOneCycle_AndNeverMoreThanOneTurnAhead()
    {
        var weights = Gen.Choose(0, SmoothOrder.MaxWeight).ArrayOf().Where(w => w.Length is > 0 and <= 8 && w.Sum() > 0);
        Always.Holds(weights, given =>
        {
            var cycle = SmoothOrder.Cycle(given, ulong.MaxValue);
            var total = given.Sum();
            var seen = new int[given.Length];
            for (var turn = 1; turn <= cycle.Length; turn++)
            {
                seen[cycle[turn - 1]]++;
                for (var i = 0; i < given.Length; i++)
                {
                    Assert.InRange(seen[i] - ((double)turn * given[i] / total), -given.Length, 1);
                }
            }

            Assert.All(Enumerable.Range(0, given.Length), i => Assert.Equal((long)given[i] * cycle.Length, (long)seen[i] * total));
        });
    }

    private static string Text(int[] weights, ulong among) => string.Concat(SmoothOrder.Cycle(weights, among).Select(i => (char)('a' + i)));
}
