using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck.Fluent;
using Relay.Core.Errors;
using Relay.Dialects.Tests.Kit;
using Relay.Gateway.Dialects;
using Relay.Gateway.Dialects.Anthropic;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Dialects.Tests.FromAnthropic;

/// <summary>Whatever a client sends: a chat request that the gateway can route, or an error that names the field.</summary>
public sealed class AnyRequestTests
{
    [Fact]
    public void AnyObject_IsTranslatedOrRefusedByName() => Invariant.Holds(AnyJson.Object, Check, tests: 3000);

    [Fact]
    public void AnyMutatedRequest_IsTranslatedOrRefusedByName() =>
        Invariant.Holds(AnyJson.Mutated(Golden.All("anthropic_openai/request", "request")), Check, tests: 6000);

    [Fact]
    public void AnyBytes_AreRefused() =>
        Invariant.Holds(Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf(), bytes =>
            Assert.NotNull(new AnthropicOpenAi().ReadRequest(bytes, new ArrayBufferWriter<byte>(), new DroppedFields())));

    private static void Check(string request)
    {
        var chat = new ArrayBufferWriter<byte>();
        var error = new AnthropicOpenAi().ReadRequest(Encoding.UTF8.GetBytes(request), chat, new DroppedFields());
        if (error is null)
        {
            HoldsAsChat(chat.WrittenSpan.ToArray());
            return;
        }

        Assert.Equal(ErrorKind.InvalidRequest, error.Kind);
        Assert.Contains($"\"{error.Param}\"", error.Message, StringComparison.Ordinal);
        Assert.True(error.Param != "body" || request.Contains("\\ud800", StringComparison.Ordinal), error.Message);
    }

    /// <summary>What OpenAI asks of every chat request, also after Relay's own fields are taken out.</summary>
    private static void HoldsAsChat(byte[] chat)
    {
        var plain = new ArrayBufferWriter<byte>();
        PlainChat.Write(chat, plain, new DroppedFields());
        RequestScanner.ScanChat(chat, out var unroutable);
        Assert.Null(unroutable);
        foreach (var message in JsonNode.Parse(plain.WrittenSpan)!["messages"]!.AsArray())
        {
            var role = (string?)message!["role"];
            Assert.Contains(role, new[] { "system", "user", "assistant", "tool" });
            Assert.True(role != "tool" || message["content"]!.GetValueKind() == System.Text.Json.JsonValueKind.String);
            Assert.True(message["content"] is not null || message["tool_calls"] is JsonArray { Count: > 0 });
            Assert.Null(message["thinking_blocks"] ?? message["reasoning_content"]);
        }
    }
}
