using System.Text.Json;
using Relay.Core.Errors;
using Relay.Gateway.Config;
using Relay.Gateway.Tests.Kit;
using Relay.Grpc;
using Relay.V1;
using Relay.Simulator;

namespace Relay.Gateway.Tests.Grpc;

/// <summary>Streams as typed chunks.</summary>
public sealed class StreamTests
{
    [Fact]
    public async Task Stream_NamesTheAnswerInEveryChunk_AndSaysAllOfItInTheLast()
    {
        await using var rig = await Rig.StartAsync();
        using var grpc = new GrpcChat(rig.Gateway);

        var streamed = await grpc.ReadAsync();

        Assert.Null(streamed.Error);
        Assert.Equal((rig.Expected(), "stop"), (streamed.Text, streamed.FinishReason()));
        Assert.Single(streamed.Chunks.Select(c => (c.Id, c.Created, c.Model)).Distinct());
        Assert.Equal(Role.Assistant, Assert.Single(streamed.Chunks.SelectMany(c => c.Choices), c => c.Role != Role.Unspecified).Role);
        Assert.Equal(Role.Assistant, streamed.Chunks[0].Choices[0].Role);
        var record = await rig.Records.NextAsync();
        Assert.Equal(new RelayInfo { RequestId = record.RequestId, Target = "p0/gpt-sim", Attempts = 1 }, streamed.Chunks[0].Relay);
        Assert.All(streamed.Chunks.Skip(1).SkipLast(1), c => Assert.True(c.Relay is null && c.Usage is null && c.Choices.Count > 0));
        Assert.Empty(streamed.Last.Choices);
        Assert.Equal((record.RequestId, "p0/gpt-sim", 1, record.Cost!.Value.Nanos), (streamed.Last.Relay.RequestId, streamed.Last.Relay.Target, streamed.Last.Relay.Attempts, streamed.Last.Relay.CostNanoUsd));
        Assert.True(streamed.Last.Relay.OverheadMs > 0);
        Assert.Equal((record.Usage!.Value.Total, false), (streamed.Last.Usage.Tokens.Total, streamed.Last.Usage.Estimated));
    }

    [Fact]
    public async Task NothingComesBeforeTheFirstToken_AndEachTokenAsItComes()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var raw = await RawRig.StartAsync(async call =>
        {
            await call.StartStreamAsync();
            await call.WriteAsync(Sse.Role + Sse.Text("one"));
            await release.Task.WaitAsync(call.Stopped);
            await call.WriteAsync(Sse.Text(" two") + Sse.Finish() + Sse.Usage + Sse.Done);
        });
        using var grpc = new GrpcChat(raw.Rig.Gateway);
        await using var chunks = grpc.StreamAsync().GetAsyncEnumerator();

        Assert.True(await chunks.MoveNextAsync());
        Assert.Equal((Role.Assistant, "p0/gpt-sim"), (chunks.Current.Choices[0].Role, chunks.Current.Relay.Target));
        Assert.True(await chunks.MoveNextAsync());
        Assert.Equal("one", chunks.Current.Choices[0].Text);
        release.SetResult();
        Assert.True(await chunks.MoveNextAsync());
        Assert.Equal(" two", chunks.Current.Choices[0].Text);
        Assert.True(await chunks.MoveNextAsync());
        Assert.Equal("stop", chunks.Current.Choices[0].FinishReason);
        Assert.True(await chunks.MoveNextAsync());
        Assert.Equal(18, chunks.Current.Usage.Tokens.Total);
        Assert.False(await chunks.MoveNextAsync());
    }

    [Theory]
    [InlineData("cut-after=5,end=clean", "truncated")]
    [InlineData("cut-after=5", "connection_reset")]
    [InlineData("error-in-stream-after=5", "provider_error")]
    [InlineData("stall-after=5", "idle_timeout")]
    public async Task BrokenStream_IsContinuedByTheNextTarget_AndSaysSo(string fault, string error)
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Timeouts = RawRig.Short with { FirstToken = TimeSpan.FromSeconds(20) } });
        using var grpc = new GrpcChat(rig.Gateway);
        rig.Primary.Faults.Add("*", fault);

        var streamed = await grpc.ReadAsync();

        Assert.Null(streamed.Error);
        Assert.Equal((rig.Expected(), "stop"), (streamed.Text, streamed.FinishReason()));
        Assert.Single(streamed.Chunks.Select(c => (c.Id, c.Created, c.Model)).Distinct());
        var record = await rig.Records.NextAsync();
        var relay = streamed.Last.Relay;
        Assert.Equal(("p1/gpt-sim", 2, record.Cost!.Value.Nanos), (relay.Target, relay.Attempts, relay.CostNanoUsd));
        Assert.Equal(record.Usage!.Value.Total, streamed.Last.Usage.Tokens.Total);
        Assert.Equal("p0/gpt-sim", streamed.Chunks[0].Relay.Target);
        var rescue = Assert.Single(relay.Rescues);
        Assert.Equal(("p0/gpt-sim", "p1/gpt-sim", record.Attempts[0].Error.Label()), (rescue.From, rescue.To, rescue.Error));
        Assert.Contains(rescue.Error, new[] { error, "truncated" });
        Assert.True(rescue.AfterMs >= 0 && rescue.SentBytes > 0);
        Assert.True(record.Rescued);
    }

    [Theory]
    [InlineData("cut-after=5,end=clean", ErrorKind.Truncated)]
    [InlineData("error-in-stream-after=5", ErrorKind.ProviderError)]
    [InlineData("stall-after=5", ErrorKind.IdleTimeout)]
    public async Task BrokenStreamThatNobodyContinues_EndsInTheStatusOfItsKind_AfterAllThatCame(string fault, ErrorKind kind)
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Simulators = 1, Timeouts = RawRig.Short with { FirstTokenLast = TimeSpan.FromSeconds(20) } });
        using var grpc = new GrpcChat(rig.Gateway);
        rig.Primary.Faults.Add("*", fault);

        var streamed = await grpc.ReadAsync();

        Assert.Equal((kind, (GrpcStatusCode)ErrorTable.Of(kind).GrpcStatus), (streamed.Error!.Kind, streamed.Error.Code));
        Assert.Contains(KeyValuePair.Create("should_retry", "false"), streamed.Error.Info);
        Assert.Equal(5, streamed.Text.Split(' ').Length);
        Assert.StartsWith(streamed.Text, rig.Expected(), StringComparison.Ordinal);
        Assert.All(streamed.Chunks, c => Assert.Null(c.Usage));
        Assert.Equal((kind, 200), (await rig.Records.NextAsync()) is var record ? (record.Error, record.HttpStatus) : default);
    }

    [Fact]
    public async Task SeveralAnswers_AreToldApart()
    {
        await using var rig = await Rig.StartAsync();
        using var grpc = new GrpcChat(rig.Gateway);
        var request = GrpcChat.Ask();
        request.N = 3;

        var streamed = await grpc.ReadAsync(request);
        var whole = await grpc.CompleteAsync(request);

        Assert.Equal([0, 1, 2], whole.Choices.Select(c => c.Index));
        Assert.All([0, 1, 2], i => Assert.Equal((whole.Choices[i].Message.Text, "stop"), (streamed.TextOf(i), streamed.FinishReason(i))));
        Assert.All([0, 1, 2], i => Assert.Single(streamed.Chunks.SelectMany(c => c.Choices), c => c.Index == i && c.Role == Role.Assistant));
    }

    [Fact]
    public async Task WhatHasNoPlaceInAChunk_IsInItsExtra()
    {
        const string Chunk = """data: {"id":"c1","object":"chat.completion.chunk","created":1700000000,"model":"m","system_fingerprint":"fp","usage":null,"choices":[{"index":0,"delta":{"role":"assistant","content":"hi","audio":{"id":"a"}},"logprobs":{"content":[{"token":"hi","logprob":-0.5}]},"finish_reason":null}]}""" + "\n\n";
        const string Filter = """data: {"id":"","object":"","created":0,"model":"","prompt_filter_results":[{"prompt_index":0}],"choices":[]}""" + "\n\n";
        await using var raw = await RawRig.StreamAsync(Filter + Chunk + Sse.Finish() + Sse.Done);
        using var grpc = new GrpcChat(raw.Rig.Gateway);

        var streamed = await grpc.ReadAsync();

        var first = streamed.Chunks[0];
        Assert.Equal(("c1", "m", 1700000000), (first.Id, first.Model, first.Created.Seconds));
        Assert.All(streamed.Chunks, c => Assert.Equal("c1", c.Id));
        using var extra = JsonDocument.Parse(first.Extra.ToString());
        Assert.Equal(["prompt_filter_results", "system_fingerprint"], extra.RootElement.EnumerateObject().Select(p => p.Name).Order());
        using var choice = JsonDocument.Parse(first.Choices[0].Extra.ToString());
        Assert.Equal(-0.5, choice.RootElement.GetProperty("logprobs").GetProperty("content")[0].GetProperty("logprob").GetDouble());
        Assert.Equal("a", choice.RootElement.GetProperty("audio").GetProperty("id").GetString());
    }

    [Fact]
    public async Task TextThatIsCutInsideACharacter_IsPutTogether()
    {
        await using var raw = await RawRig.StreamAsync(Sse.Role + Sse.Text("""a\ud83d""") + Sse.Text("""\ude00b""") + Sse.Text("""\ud83dc""") + Sse.Finish() + Sse.Done);
        using var grpc = new GrpcChat(raw.Rig.Gateway);

        var streamed = await grpc.ReadAsync();

        Assert.Null(streamed.Error);
        Assert.Equal("a😀b\uFFFDc", streamed.Text);
    }

    [Fact]
    public async Task TranslatedTarget_StreamsReasoningAndText()
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Dialect = _ => Dialect.Anthropic });
        using var grpc = new GrpcChat(rig.Gateway);
        var request = GrpcChat.Ask();
        request.ReasoningEffort = "high";

        var streamed = await grpc.ReadAsync(request);
        var whole = await grpc.CompleteAsync(request);

        Assert.Null(streamed.Error);
        Assert.Equal((rig.Expected(), Answers.Thinking(rig.Primary.Options, "hello")), (streamed.Text, streamed.Reasoning));
        Assert.Equal((streamed.Text, streamed.Reasoning), (whole.Choices[0].Message.Text, whole.Choices[0].Message.Reasoning));
        Assert.True(streamed.Last.Usage.Tokens.Reasoning > 0 || streamed.Last.Usage.Tokens.Output > 0);
    }
}
