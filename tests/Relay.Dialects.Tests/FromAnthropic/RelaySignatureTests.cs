using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Relay.Dialects.Tests.Kit;
using Relay.Gateway.Dialects.Anthropic;

namespace Relay.Dialects.Tests.FromAnthropic;

/// <summary>Thinking of other models must not reach Anthropic, which refuses what it has not signed.</summary>
public sealed class RelaySignatureTests
{
    private const string Mixed = """
        {"model":"m","messages":[
          {"role":"user","content":"Hi"},
          {"role":"assistant","content":[{"type":"thinking","thinking":"a","signature":"relay:"},{"type":"thinking","thinking":"b","signature":"EqoB"},{"type":"redacted_thinking","data":"relay:x"},{"type":"text","text":"relay:"}]},
          {"role":"assistant","content":[{"type":"thinking","thinking":"c","signature":"relay:y"}]},
          {"role":"user","content":[{"type":"text","text":"\ud800"}]}],
         "max_tokens":5}
        """;

    private const string Cleaned = """
        {"model":"m","messages":[
          {"role":"user","content":"Hi"},
          {"role":"assistant","content":[{"type":"thinking","thinking":"b","signature":"EqoB"},{"type":"text","text":"relay:"}]},
          {"role":"user","content":[{"type":"text","text":"half"}]}],
         "max_tokens":5}
        """;

    [Fact]
    public void Strip_TakesOutOnlyWhatRelayHasMarked()
    {
        Assert.True(RelaySignature.TryStrip(Encoding.UTF8.GetBytes(Mixed), out var stripped));

        var text = Encoding.UTF8.GetString(stripped.Span).Replace("\\ud800", "half", StringComparison.Ordinal);
        Golden.Same(JsonNode.Parse(Cleaned), Encoding.UTF8.GetBytes(text));
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"assistant","content":[{"type":"thinking","thinking":"the relay: x","signature":"Eq"}]}]}""")]
    [InlineData("{\"a\":\"relay:\"")]
    [InlineData("""["relay:"]""")]
    [InlineData("""{"messages":"relay:"}""")]
    public void Strip_WhereThereIsNothingToTakeOut_LeavesTheBodyToTheProvider(string body) =>
        Assert.False(RelaySignature.TryStrip(Encoding.UTF8.GetBytes(body), out _));

    [Fact]
    public void WhatAStreamMarks_IsTakenOutWhenItComesBack()
    {
        var to = new ArrayBufferWriter<byte>();
        new AnthropicOpenAi().WriteAnswer("""{"choices":[{"message":{"content":"x","reasoning_content":"hm"},"finish_reason":"stop"}]}"""u8.ToArray(), to);
        var answer = JsonNode.Parse(to.WrittenSpan)!;
        var next = new JsonObject { ["messages"] = new JsonArray(new JsonObject { ["role"] = "assistant", ["content"] = answer["content"]!.DeepClone() }) };

        Assert.True(RelaySignature.TryStrip(JsonSerializer.SerializeToUtf8Bytes(next), out var stripped));

        Golden.Same(JsonNode.Parse("""{"messages":[{"role":"assistant","content":[{"type":"text","text":"x"}]}]}"""), stripped.Span);
    }
}
