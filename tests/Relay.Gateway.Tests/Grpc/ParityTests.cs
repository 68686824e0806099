using Relay.Core.Errors;
using Relay.Gateway.Recording;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Grpc;

/// <summary>The same request over HTTP and over gRPC: the same answer, target, attempts, cost, record and figures.</summary>
public sealed class ParityTests
{
    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "")]
    [InlineData(false, "status=503")]
    [InlineData(true, "status=503")]
    [InlineData(false, "truncated-body")]
    [InlineData(true, "cut-after=0")]
    [InlineData(true, "first-token=50ms")]
    [InlineData(true, "cut-after=5")]
    [InlineData(true, "error-in-stream-after=5")]
    public async Task SameRequest_HasTheSameAnswerAndRecord(bool stream, string fault)
    {
        await using var overHttp = await Rig.StartAsync();
        await using var overGrpc = await Rig.StartAsync();
        using var grpc = new GrpcChat(overGrpc.Gateway);
        foreach (var rig in new[] { overHttp, overGrpc })
        {
            if (fault.Length > 0)
            {
                rig.Primary.Faults.Add("*", fault);
            }
        }

        var http = await overHttp.ChatAsync(stream: stream);
        var (text, relay, usage) = stream ? await StreamAsync(grpc) : await CompleteAsync(grpc);

        var (said, record) = (await overHttp.Records.NextAsync(), await overGrpc.Records.NextAsync());
        Assert.Equal((http.Text, said.Target, said.Attempts.Count), (text, relay.Target, relay.Attempts));
        Assert.Equal((said.Cost!.Value.Nanos, said.Usage!.Value.Total), (relay.CostNanoUsd, usage.Tokens.Total));
        Assert.Equal(
            (said.Usage.Value.InputTokens, said.Usage.Value.CachedInputTokens, said.Usage.Value.OutputTokens, said.Usage.Value.Estimated),
            (usage.Tokens.Input, usage.Tokens.CachedInput, usage.Tokens.Output, usage.Estimated));
        Assert.Equal(Shape(said), Shape(record));
        Assert.Equal(("http", "grpc", record.RequestId), (said.Protocol, record.Protocol, relay.RequestId));
        Assert.Equal(Counts(overHttp), Counts(overGrpc));
    }

    private static async Task<(string Text, V1.RelayInfo Relay, V1.Usage Usage)> CompleteAsync(GrpcChat grpc)
    {
        var answer = await grpc.CompleteAsync();
        var choice = Assert.Single(answer.Choices);
        Assert.Equal((V1.Role.Assistant, "stop", Rig.Upstream), (choice.Message.Role, choice.FinishReason, answer.Model));
        Assert.StartsWith("chatcmpl-", answer.Id, StringComparison.Ordinal);
        Assert.True(answer.Created.Seconds > 0 && answer.Relay.OverheadMs > 0);
        return (choice.Message.Text, answer.Relay, answer.Usage);
    }

    private static async Task<(string Text, V1.RelayInfo Relay, V1.Usage Usage)> StreamAsync(GrpcChat grpc)
    {
        var streamed = await grpc.ReadAsync();
        Assert.Null(streamed.Error);
        return (streamed.Text, streamed.Last.Relay, streamed.Last.Usage);
    }

    /// <summary>All of a record that does not depend on the clock, nor on the length of the body where tokens are estimated from it.</summary>
    private static string Shape(RequestRecord record) => string.Join(
        '\n',
        record.Attempts.Select(a => $"{a.Target} {a.Error.Label()} {a.Verdict} {a.HttpStatus} {a.IsRetry} {a.Streamed} {a.Billed} {a.IsRescue} {a.Usage} {a.Cost}")
            .Prepend($"{record.Model} {record.AskedModel} {record.Endpoint} {record.Streamed} {record.Error.Label()} {record.HttpStatus} {record.Target} {record.Rescued} {record.Usage} {record.Cost}"));

    private static string Counts(Rig rig) => string.Join('\n', rig.Scrape().Split('\n').Where(line =>
        line.StartsWith("llm_requests_total", StringComparison.Ordinal)
        || line.StartsWith("relay_attempts_total", StringComparison.Ordinal)
        || line.StartsWith("llm_tokens_consumed_total", StringComparison.Ordinal)
        || line.StartsWith("llm_request_cost_usd_total", StringComparison.Ordinal)));
}
