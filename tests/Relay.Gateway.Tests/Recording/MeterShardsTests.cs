using Relay.Core.Breaker;
using Relay.Core.Cost;
using Relay.Core.Errors;
using Relay.Gateway.Recording;
using Relay.Silo.Grains;

namespace Relay.Gateway.Tests.Recording;

public class MeterShardsTests
{
    private static readonly Usage Tokens = new() { InputTokens = 100, OutputTokens = 51 };

    [Fact]
    public void RecordedRequests_CountByEndpointAndKind()
    {
        var shards = new MeterShards();
        shards.Count(Request("chat.completions", ErrorKind.None));
        shards.Count(Request("chat.completions", ErrorKind.IdleTimeout));
        shards.Count(Request("embeddings", ErrorKind.None));
        shards.Count(Request("audio.speech", ErrorKind.ProviderError));

        var counts = shards.Drain()!.Counts;
        Assert.Equal((4, 2), (counts[Counters.Count], counts[Counters.Successes]));
        Assert.Equal(1, counts[Counters.Outcome(MeteredEndpoint.ChatCompletions, ErrorKind.None)]);
        Assert.Equal(1, counts[Counters.Outcome(MeteredEndpoint.ChatCompletions, ErrorKind.IdleTimeout)]);
        Assert.Equal(1, counts[Counters.Outcome(MeteredEndpoint.Embeddings, ErrorKind.None)]);
        Assert.Equal(1, counts[Counters.Outcome(MeteredEndpoint.Other, ErrorKind.ProviderError)]);
    }

    [Fact]
    public void RecordedAttempts_CountTokensPerSecondAndPricedTokens()
    {
        var shards = new MeterShards();
        shards.Count(Attempt(Tokens, new NanoUsd(7), TimeSpan.FromSeconds(1)), MeteredEndpoint.ChatCompletions, leftForAnother: false);
        shards.Count(Attempt(Tokens, null, TimeSpan.FromSeconds(1)), MeteredEndpoint.ChatCompletions, leftForAnother: false);
        shards.Count(Attempt(Tokens, new NanoUsd(7), null), MeteredEndpoint.Embeddings, leftForAnother: true);

        var delta = shards.Drain()!;
        Assert.Equal((2, 50_000), (delta.TokensPerSecond.Count, delta.TokensPerSecond.SumMicros));
        Assert.Equal((302, 14), (delta.Counts[Counters.PricedTokens], delta.Counts[Counters.CostNanoUsd]));
        Assert.Equal((3, 3), (delta.Counts[Counters.Attempts], delta.Counts[Counters.Count]));
        Assert.Null(shards.Drain());
    }

    private static AttemptRecord Attempt(Usage? usage, NanoUsd? cost, TimeSpan? firstToken) =>
        new("p/m", ErrorKind.None, Verdict.Success, 200, false, firstToken is not null, TimeSpan.FromSeconds(3), firstToken, usage, cost, 0);

    private static RequestRecord Request(string endpoint, ErrorKind error) =>
        new() { RequestId = "r", StartedAt = default, Model = "m", Endpoint = endpoint, Error = error, Attempts = [Attempt(null, null, null)], Latency = TimeSpan.FromSeconds(3) };
}
