using Relay.Core.Cost;
using Relay.Core.Errors;
using Relay.Silo.Grains;

namespace Relay.Silo.Tests.Grains;

public class CountersTests
{
    [Fact]
    public void Places_AreDistinctAndFillTheVector()
    {
        var named = typeof(Counters).GetFields().Where(f => f.IsLiteral && f.IsPublic).Select(f => (int)f.GetRawConstantValue()!);
        var errors = ErrorTable.All.Select(row => Counters.Error(row.Kind));
        var tokens = TokenCategories.All.ToArray().Select(Counters.Tokens);
        var outcomes = from endpoint in MeteredEndpoints.All.ToArray() from row in ErrorTable.All select Counters.Outcome(endpoint, row.Kind);
        Assert.Equal(Enumerable.Range(0, Counters.Width), [.. named, .. errors, .. tokens, .. outcomes]);
    }

    [Fact]
    public void Endpoints_AreReadAsTheyAreWrittenAndAnyOtherIsOther()
    {
        Assert.Equal(Enum.GetValues<MeteredEndpoint>(), MeteredEndpoints.All.ToArray());
        Assert.Equal(MeteredEndpoints.Count, MeteredEndpoints.All.Length);
        Assert.All(MeteredEndpoints.All.ToArray(), endpoint => Assert.Equal(endpoint, MeteredEndpoints.Of(endpoint.Label())));
        Assert.Equal((MeteredEndpoint.Other, MeteredEndpoint.Other, "_other"), (MeteredEndpoints.Of("audio.speech"), MeteredEndpoints.Of(null), MeteredEndpoints.All[^1].Label()));
    }

    [Theory]
    [InlineData(101, 3_000, 1_000, 50_000L)]
    [InlineData(2, 1_003, 1_000, 333_333L)]
    [InlineData(1, 3_000, 1_000, null)]
    [InlineData(0, 3_000, 1_000, null)]
    [InlineData(101, 1_000, 1_000, null)]
    [InlineData(101, 3_000, null, null)]
    public void TokenRate_IsTokensAfterTheFirstByTheTimeAfterIt(long tokens, int latencyMs, int? firstTokenMs, long? expected) =>
        Assert.Equal(expected, TokenRate.Of(tokens, TimeSpan.FromMilliseconds(latencyMs), firstTokenMs is { } ms ? TimeSpan.FromMilliseconds(ms) : null));
}
