using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck.Fluent;
using Relay.Core.Cost;
using Relay.Core.Errors;
using Relay.Dialects.Tests.Kit;
using Relay.Gateway.Config;
using Relay.Gateway.Dialects;
using Relay.Gateway.Dialects.Anthropic;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Dialects.Tests.ToAnthropic;

public sealed class OpenAiAnthropicTests
{
    [Fact]
    public void Headers_HaveTheVersionAndTheKey()
    {
        Assert.Equal([new("anthropic-version", "2023-06-01"), new("x-api-key", "sk-1")], new OpenAiAnthropic().Headers("sk-1"));
        Assert.Equal([new("anthropic-version", "2023-06-01")], new OpenAiAnthropic().Headers(null));
        Assert.Equal("messages", new OpenAiAnthropic().Path(Calls.To("m")));
    }

    [Theory]
    [InlineData("Sure: ", "Sure:")]
    [InlineData(@"a\n\r\t ", "a")]
    [InlineData(@"a\\n", @"a\\n")]
    [InlineData(@"a\\\n", @"a\\")]
    public void LastWordsOfTheAssistant_EndWithoutWhiteSpace(string content, string expected)
    {
        var body = new ArrayBufferWriter<byte>();
        var chat = $$"""{"messages":[{"role":"user","content":"q "},{"role":"assistant","content":"{{content}}"}]}""";

        Assert.Null(new OpenAiAnthropic().WriteRequest(Encoding.UTF8.GetBytes(chat), Calls.To("m"), body, new DroppedFields()));

        var messages = JsonNode.Parse(body.WrittenSpan)!["messages"]!;
        Assert.Equal("q ", (string?)messages[0]!["content"]![0]!["text"]);
        Assert.Equal((string?)JsonNode.Parse($"\"{expected}\""), (string?)messages[1]!["content"]![0]!["text"]);
    }

    [Theory]
    [InlineData(200_000, null, null, 4_096)]
    [InlineData(2_000, null, null, 2_000)]
    [InlineData(200_000, "medium", 4_096, 8_192)]
    [InlineData(6_000, "medium", 1_904, 6_000)]
    public void LimitThatTheClientDoesNotName_StaysBelowTheLongestAnswer(int longest, string? effort, int? budget, int limit)
    {
        var options = OpenAiAnthropicOptions.Of(new() { MaxOutput = longest, Thinking = ThinkingStyle.Budget });
        var body = new ArrayBufferWriter<byte>();
        var wish = effort is null ? "" : $",\"reasoning_effort\":\"{effort}\"";

        new OpenAiAnthropic(options).WriteRequest(Encoding.UTF8.GetBytes($$"""{"messages":[{"role":"user","content":"q"}]{{wish}}}"""), Calls.To("m"), body, new DroppedFields());

        var sent = JsonNode.Parse(body.WrittenSpan)!;
        Assert.Equal((limit, budget), ((int)sent["max_tokens"]!, (int?)sent["thinking"]?["budget_tokens"]));
    }

    [Theory]
    [InlineData("claude-3-5-haiku-latest", "none")]
    [InlineData("claude-sonnet-4-5", "enabled")]
    [InlineData("claude-opus-4-6", "adaptive")]
    public void KnownModel_IsToldToThinkInItsOwnWay(string model, string type)
    {
        var options = OpenAiAnthropicOptions.Of(Relay.Gateway.Fit.ModelFamily.Find(model)!.Capabilities);
        var body = new ArrayBufferWriter<byte>();

        new OpenAiAnthropic(options).WriteRequest("""{"messages":[{"role":"user","content":"q"}],"reasoning_effort":"low"}"""u8.ToArray(), Calls.To(model), body, new DroppedFields());

        Assert.Equal(type, (string?)JsonNode.Parse(body.WrittenSpan)!["thinking"]?["type"] ?? "none");
    }

    [Theory]
    [InlineData("", ErrorKind.Malformed)]
    [InlineData("[]", ErrorKind.Malformed)]
    [InlineData("{}", ErrorKind.Malformed)]
    [InlineData("""{"content":"x","stop_reason":"end_turn"}""", ErrorKind.Malformed)]
    [InlineData("""{"content":[],"stop_reason":null}""", ErrorKind.Malformed)]
    [InlineData("""{"content":[],"stop_reason":"end_turn","id":"\ud800","type":"\ud800"}""", ErrorKind.Malformed)]
    [InlineData("""{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", ErrorKind.ProviderOverloaded)]
    [InlineData("""{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 5 tokens > 4 maximum"}}""", ErrorKind.ContextLength)]
    public void Answer_ThatIsNone_IsAnErrorOfItsKind(string answer, ErrorKind kind) =>
        Assert.Equal(kind, new OpenAiAnthropic().ReadAnswer(Encoding.UTF8.GetBytes(answer), Calls.To("m"), new ArrayBufferWriter<byte>())?.Kind);

    [Fact]
    public void Answer_WithoutIdAndModel_GetsTheCallsOwn()
    {
        var chat = new ArrayBufferWriter<byte>();

        Assert.Null(new OpenAiAnthropic().ReadAnswer("""{"content":[],"stop_reason":"end_turn"}"""u8.ToArray(), Calls.To("claude-x"), chat));

        var answer = JsonNode.Parse(chat.WrittenSpan)!;
        Assert.Equal("chatcmpl-req1", (string?)answer["id"]);
        Assert.Equal("claude-x", (string?)answer["model"]);
        Assert.Null(answer["usage"]);
    }

    [Fact]
    public void Answer_ReadsBackAsTheUsageThatAnthropicMeant()
    {
        var chat = new ArrayBufferWriter<byte>();
        new OpenAiAnthropic().ReadAnswer(
            """{"content":[],"stop_reason":"end_turn","usage":{"input_tokens":5,"cache_read_input_tokens":7,"cache_creation_input_tokens":11,"cache_creation":{"ephemeral_5m_input_tokens":3,"ephemeral_1h_input_tokens":8},"output_tokens":13,"output_tokens_details":{"thinking_tokens":4}}}"""u8.ToArray(),
            Calls.To("m"),
            chat);

        // A scan wants choices with something in them.
        var usage = AnswerScan.Read(chat.WrittenSpan, "choices"u8).Usage;
        Assert.Equal(new Usage { InputTokens = 5, CachedInputTokens = 7, CacheWrite5mTokens = 3, CacheWrite1hTokens = 8, OutputTokens = 9, ReasoningTokens = 4 }, usage);
    }

    [Fact]
    public void AnyAnswer_IsReadOrIsAnError() => Invariant.Holds(
        AnyJson.Mutated(Golden.All("openai_anthropic/answer", "answer")),
        answer =>
        {
            var chat = new ArrayBufferWriter<byte>();
            if (new OpenAiAnthropic().ReadAnswer(Encoding.UTF8.GetBytes(answer), Calls.To("m"), chat) is null)
            {
                Assert.True(AnswerScan.Read(chat.WrittenSpan, "choices"u8).Valid);
            }
        },
        tests: 3000);

    [Fact]
    public void AnyEvents_GiveWellFormedChunksOrAreSkipped() => Invariant.Holds(
        AnyJson.Mutated([.. Golden.All("openai_anthropic/stream", "events")]),
        events =>
        {
            var (stream, _) = Events.Translate(new OpenAiAnthropic().ReadStream(Calls.To("m", stream: true)), AsStream(events));
            Assert.All(Chunks(stream), chunk => Assert.True(chunk.SequenceEqual("[DONE]"u8) || ChunkScanner.Scan(chunk).Valid, Encoding.UTF8.GetString(chunk)));
        },
        tests: 3000);

    [Fact]
    public void AnyBytes_AreNoErrorThatThrows() => Invariant.Holds(Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf(), bytes =>
    {
        Assert.False(new OpenAiAnthropic().ReadError(500, bytes).IsJson);
        Assert.NotNull(new OpenAiAnthropic().ReadAnswer(bytes, Calls.To("m"), new ArrayBufferWriter<byte>()));
        Assert.False(new OpenAiAnthropic().ReadStream(Calls.To("m")).Translate("ping"u8, bytes, new ArrayBufferWriter<byte>()));
    });

    [Fact]
    public void Event_ThatIsNoJson_IsSkippedAndTheRestIsRead()
    {
        var bytes = "data: {\ndata: oops\n\nevent: content_block_delta\ndata: {\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"x\"}}\n\n"u8.ToArray();

        var (stream, skipped) = Events.Translate(new OpenAiAnthropic().ReadStream(Calls.To("claude-x", stream: true)), bytes);

        Assert.Equal(1, skipped);
        var chunks = Events.Read(stream);
        Assert.Equal("x", (string?)chunks[1]!["data"]!["choices"]![0]!["delta"]!["content"]);
        Assert.Equal("chatcmpl-req1", (string?)chunks[1]!["data"]!["id"]);
        Assert.Equal("claude-x", (string?)chunks[1]!["data"]!["model"]);
    }

    [Fact]
    public void ThinkingBeyondWhatIsKept_StreamsButMakesNoBlock()
    {
        var translator = new OpenAiAnthropic().ReadStream(Calls.To("m", stream: true));
        var to = new ArrayBufferWriter<byte>();
        var text = new string('x', ThinkingKeeper.MaxBytes / 2);
        Translate(translator, """{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}""", to);
        for (var i = 0; i < 3; i++)
        {
            Translate(translator, $$$"""{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"{{{text}}}"}}""", to);
        }

        Translate(translator, """{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"Eq"}}""", to);
        Translate(translator, """{"type":"content_block_stop","index":0}""", to);

        var message = ChatClient.Collect(Events.Read(to.WrittenSpan.ToArray()))["message"]!;
        Assert.Equal(text.Length * 3, ((string)message["reasoning_content"]!).Length);
        Assert.Null(message["thinking_blocks"]);
    }

    [Fact]
    public void InputInTheStartOfACall_IsItsArguments()
    {
        var translator = new OpenAiAnthropic().ReadStream(Calls.To("m", stream: true));
        var to = new ArrayBufferWriter<byte>();
        Translate(translator, """{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"f","input":{"a":"\"é"}}}""", to);
        Translate(translator, """{"type":"content_block_stop","index":0}""", to);

        var call = ChatClient.Collect(Events.Read(to.WrittenSpan.ToArray()))["message"]!["tool_calls"]![0]!;
        Assert.Equal("""{"a":"\"é"}""", (string?)call["function"]!["arguments"]);
    }

    [Fact]
    public void MoreCallsThanAreKept_AreSkippedAndCounted()
    {
        var translator = new OpenAiAnthropic().ReadStream(Calls.To("m", stream: true));
        var skipped = 0;
        for (var i = 0; i < 1026; i++)
        {
            var to = new ArrayBufferWriter<byte>();
            skipped += Translate(translator, $$$$"""{"type":"content_block_start","index":{{{{i}}}},"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}}""", to) ? 0 : 1;
        }

        Assert.Equal(2, skipped);
    }

    private static bool Translate(EventTranslator translator, string data, ArrayBufferWriter<byte> to) => translator.Translate(default, Encoding.UTF8.GetBytes(data), to);

    /// <summary>A mutated array of events need not be one any more.</summary>
    private static byte[] AsStream(string events)
    {
        var text = new StringBuilder();
        try
        {
            foreach (var one in JsonNode.Parse(events) as JsonArray ?? [])
            {
                text.Append("data: ").Append(one is JsonObject o ? o["data"]?.ToJsonString() : "1").Append("\n\n");
            }
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or InvalidOperationException or ArgumentException)
        {
            return [];
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static List<byte[]> Chunks(byte[] stream)
    {
        var chunks = new List<byte[]>();
        var framer = default(Gateway.Streaming.SseFramer);
        while (framer.TryRead(stream, out var found))
        {
            chunks.Add(Gateway.Streaming.SseFramer.JoinData(stream, found).ToArray());
        }

        return chunks;
    }
}
