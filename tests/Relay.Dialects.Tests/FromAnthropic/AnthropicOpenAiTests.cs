using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck.Fluent;
using Relay.Core.Errors;
using Relay.Dialects.Tests.Kit;
using Relay.Gateway.Dialects.Anthropic;
using Relay.Gateway.Errors;

namespace Relay.Dialects.Tests.FromAnthropic;

public sealed class AnthropicOpenAiTests
{
    [Theory]
    [InlineData(ErrorKind.InvalidRequest, "invalid_request_error")]
    [InlineData(ErrorKind.Authentication, "authentication_error")]
    [InlineData(ErrorKind.Permission, "permission_error")]
    [InlineData(ErrorKind.UnknownModel, "not_found_error")]
    [InlineData(ErrorKind.ContentPolicy, "invalid_request_error")]
    [InlineData(ErrorKind.TooLarge, "request_too_large")]
    [InlineData(ErrorKind.ClientDeadline, "timeout_error")]
    [InlineData(ErrorKind.RateLimited, "rate_limit_error")]
    [InlineData(ErrorKind.BudgetExhausted, "billing_error")]
    [InlineData(ErrorKind.Overloaded, "overloaded_error")]
    [InlineData(ErrorKind.ProviderRateLimited, "rate_limit_error")]
    [InlineData(ErrorKind.ProviderQuota, "api_error")]
    [InlineData(ErrorKind.ProviderAuth, "api_error")]
    [InlineData(ErrorKind.ProviderOverloaded, "overloaded_error")]
    [InlineData(ErrorKind.IdleTimeout, "timeout_error")]
    [InlineData(ErrorKind.Truncated, "api_error")]
    [InlineData(ErrorKind.Internal, "api_error")]
    public void Error_HasAnthropicsShapeAndType(ErrorKind kind, string type) =>
        Golden.Same(
            new JsonObject { ["type"] = "error", ["error"] = new JsonObject { ["type"] = type, ["message"] = "Say \"why\"." } },
            Error(new(kind, "Say \"why\".")));

    /// <summary>Clients shorten a conversation when they read these words.</summary>
    [Theory]
    [InlineData("This model's maximum context length is 8192 tokens.", "prompt is too long: This model's maximum context length is 8192 tokens.")]
    [InlineData("prompt is too long: 9 tokens > 8 maximum", "prompt is too long: 9 tokens > 8 maximum")]
    public void ContextLength_SaysSoInAnthropicsWords(string message, string told) =>
        Assert.Equal(told, (string?)JsonNode.Parse(Error(new(ErrorKind.ContextLength, message)))!["error"]!["message"]);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    public void Answer_ThatIsNoJson_IsAnErrorOfAnthropicsShape(string chat)
    {
        var to = new ArrayBufferWriter<byte>();
        new AnthropicOpenAi().WriteAnswer(Encoding.UTF8.GetBytes(chat), to);

        Assert.Equal("api_error", (string?)JsonNode.Parse(to.WrittenSpan)!["error"]!["type"]);
    }

    [Fact]
    public void AnyAnswer_BecomesAMessageOrAnError() => Invariant.Holds(
        AnyJson.Mutated(Golden.All("anthropic_openai/answer", "answer")),
        chat =>
        {
            var to = new ArrayBufferWriter<byte>();
            new AnthropicOpenAi().WriteAnswer(Encoding.UTF8.GetBytes(chat), to);
            using var message = JsonDocument.Parse(to.WrittenMemory);
            Assert.True(message.RootElement.GetProperty("type").ValueEquals("message"u8) || message.RootElement.GetProperty("type").ValueEquals("error"u8));
        },
        tests: 3000);

    [Fact]
    public void AnyChunk_GivesWellFormedEventsOrIsSkipped() => Invariant.Holds(
        AnyJson.Mutated([.. Golden.All("anthropic_openai/stream", "events").SelectMany(events => events!.AsArray().Select(one => one!["data"]).OfType<JsonObject>())]),
        chunk =>
        {
            var translator = new AnthropicOpenAi().WriteStream("m", "req1");
            var to = new ArrayBufferWriter<byte>();
            translator.Translate(default, Encoding.UTF8.GetBytes(chunk), to);
            translator.Translate(default, Encoding.UTF8.GetBytes(chunk), to);
            translator.Translate(default, "[DONE]"u8, to);
            WellFormed(to.WrittenSpan.ToArray());
        },
        tests: 3000);

    [Fact]
    public void AnyBytes_AreSkipped() => Invariant.Holds(Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf(), bytes =>
    {
        var to = new ArrayBufferWriter<byte>();
        Assert.False(new AnthropicOpenAi().WriteStream("m", "req1").Translate(default, bytes, to));
        Assert.Equal(0, to.WrittenCount);
        new AnthropicOpenAi().WriteAnswer(bytes, to);
        Assert.Equal("error", (string?)JsonNode.Parse(to.WrittenSpan)!["type"]);
    });

    [Fact]
    public void Stream_WithoutIdAndModel_GetsTheRequestsOwn()
    {
        var to = new ArrayBufferWriter<byte>();
        new AnthropicOpenAi().WriteStream("chat-\"default\"", "req1").Translate(default, """{"choices":[{"delta":{"role":"assistant"}}]}"""u8, to);

        var message = Events.Read(to.WrittenSpan.ToArray())[0]!["data"]!["message"]!;
        Assert.Equal("msg_req1", (string?)message["id"]);
        Assert.Equal("chat-\"default\"", (string?)message["model"]);
    }

    [Fact]
    public void SecondChoice_IsNotMixedIn()
    {
        var to = new ArrayBufferWriter<byte>();
        new AnthropicOpenAi().WriteStream("m", "req1").Translate(default, """{"choices":[{"index":0,"delta":{"content":"a"}},{"index":1,"delta":{"content":"b"}}]}"""u8, to);

        Assert.DoesNotContain("\"b\"", Encoding.UTF8.GetString(to.WrittenSpan), StringComparison.Ordinal);
    }

    private static byte[] Error(RelayError error)
    {
        var to = new ArrayBufferWriter<byte>();
        new AnthropicOpenAi().WriteError(error, to);
        return to.WrittenSpan.ToArray();
    }

    private static void WellFormed(byte[] stream)
    {
        var framer = default(Gateway.Streaming.SseFramer);
        while (framer.TryRead(stream, out var found))
        {
            using var data = JsonDocument.Parse(Gateway.Streaming.SseFramer.JoinData(stream, found).ToArray());
            Assert.Equal(
                Encoding.UTF8.GetString(Gateway.Streaming.SseFramer.EventName(stream, found)),
                data.RootElement.GetProperty("type").GetString());
        }

        Assert.Equal(stream.Length, framer.Consumed);
    }
}
