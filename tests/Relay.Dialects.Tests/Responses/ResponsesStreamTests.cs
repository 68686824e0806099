using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Relay.Dialects.Tests.Kit;
using Relay.Gateway.Dialects.Responses;

namespace Relay.Dialects.Tests.Responses;

public sealed class ResponsesStreamTests
{
    private static readonly byte[] Chunk = """{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":" kernel"},"finish_reason":null}]}"""u8.ToArray();

    /// <summary>All that grows is the text itself, which the last event repeats: doubling buffers, so a few times its size.</summary>
    [Fact]
    public void TextEvent_AllocatesNoMoreThanItsTextIsLong() =>
        Assert.InRange(Allocations.PerEvent(new ResponsesOpenAi().WriteStream("m", "req_1"), Chunk, Chunk), 0, 4 * " kernel".Length);

    [Fact]
    public void OutputBeyondTheLimit_FailsTheResponse()
    {
        var stream = new ResponsesOpenAi().WriteStream("m", "req_1");
        var to = new ArrayBufferWriter<byte>();
        var chunk = Encoding.UTF8.GetBytes($$$"""{"created":1,"choices":[{"index":0,"delta":{"content":"{{{new string('x', 1 << 20)}}}"}}]}""");
        for (var i = 0; i < ResponsesOpenAiStream.MaxHeldBytes >> 20; i++)
        {
            Assert.True(stream.Translate(default, chunk, to));
        }

        Assert.DoesNotContain("event: error", Encoding.UTF8.GetString(to.WrittenSpan), StringComparison.Ordinal);
        to.ResetWrittenCount();

        stream.Translate(default, chunk, to);
        stream.Translate(default, """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"""u8, to);
        stream.Translate(default, "[DONE]"u8, to);
        stream.End(to);

        var events = EventFlow.Payloads(Encoding.UTF8.GetString(to.WrittenSpan));
        Assert.Equal(["response.output_text.delta", "error", "response.failed"], events.Select(e => (string?)e!["type"]));
        Assert.Equal("response_too_large", (string?)events[1]!["code"]);
    }

    [Fact]
    public void StreamOfARequest_RepeatsWhatTheRequestSaid()
    {
        var client = new ResponsesOpenAi();
        Assert.Null(client.ReadRequest("""{"model":"m","input":"a","stream":true,"metadata":{"k":"v"},"tools":[{"type":"function","name":"f"}]}"""u8.ToArray(), new ArrayBufferWriter<byte>(), new()));
        var to = new ArrayBufferWriter<byte>();

        client.WriteStream("m", "req_1").Translate(default, Chunk, to);

        var created = EventFlow.Payloads(Encoding.UTF8.GetString(to.WrittenSpan))[0]!["response"]!;
        PairCase.AssertSame(JsonNode.Parse("""{"k":"v"}"""), created["metadata"]);
        PairCase.AssertSame(JsonNode.Parse("""[{"type":"function","name":"f"}]"""), created["tools"]);
        Assert.Equal("m", (string?)created["model"]);
        Assert.False((bool)created["store"]!);
    }
}
