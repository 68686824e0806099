using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Relay.Dialects.Tests.Kit;
using Relay.Gateway.Dialects.Anthropic;

namespace Relay.Dialects.Tests.ToAnthropic;

/// <summary>A message comes out the same, whether Anthropic sent it whole or as a stream.</summary>
public sealed class StreamIsPlainTests
{
    private static readonly Gen<JsonObject> Block = Gen.Frequency(
        (4, AnyText.Said.Select(text => new JsonObject { ["type"] = "text", ["text"] = text })),
        (2, from text in AnyText.Said
            from signature in Gen.Elements("EqoB", "Eo8C+/=")
            select new JsonObject { ["type"] = "thinking", ["thinking"] = text, ["signature"] = signature }),
        (1, Gen.Constant(0).Select(_ => new JsonObject { ["type"] = "redacted_thinking", ["data"] = "EmwK" })),
        (3, from input in AnyText.Input
            from name in Gen.Elements("f", "get_weather")
            select new JsonObject { ["type"] = "tool_use", ["id"] = "toolu_1", ["name"] = name, ["input"] = JsonNode.Parse(input) }),
        (1, Gen.Constant(0).Select(_ => new JsonObject { ["type"] = "server_tool_use", ["id"] = "s", ["name"] = "web_search", ["input"] = new JsonObject() })));

    private static readonly Gen<(JsonObject Message, int Cut)> Message =
        from blocks in Block.ListOf().Resize(6)
        from stop in Gen.Elements("end_turn", "max_tokens", "tool_use", "refusal", "stop_sequence")
        from usage in Gen.Choose(0, 500).ArrayOf(6)
        from cut in Gen.Choose(1, 9)
        select (new JsonObject
        {
            ["id"] = "msg_1",
            ["type"] = "message",
            ["role"] = "assistant",
            ["model"] = "claude",
            ["content"] = new JsonArray([.. blocks]),
            ["stop_reason"] = stop,
            ["stop_sequence"] = null,
            ["usage"] = new JsonObject
            {
                ["input_tokens"] = usage[0],
                ["cache_read_input_tokens"] = usage[1],
                ["cache_creation_input_tokens"] = usage[2] + usage[3],
                ["cache_creation"] = new JsonObject { ["ephemeral_5m_input_tokens"] = usage[2], ["ephemeral_1h_input_tokens"] = usage[3] },
                ["output_tokens"] = usage[4],
                ["output_tokens_details"] = new JsonObject { ["thinking_tokens"] = usage[5] },
            },
        }, cut);

    [Fact]
    public void AnyMessage_StreamedOrWhole_IsTheSameChatCompletion() => Invariant.Holds(Message, one =>
    {
        var chat = new ArrayBufferWriter<byte>();
        Assert.Null(new OpenAiAnthropic().ReadAnswer(JsonSerializer.SerializeToUtf8Bytes(one.Message), Calls.To("m"), chat));
        var whole = JsonNode.Parse(chat.WrittenSpan)!;

        var (stream, skipped) = Events.Translate(new OpenAiAnthropic().ReadStream(Calls.To("m", stream: true)), Stream(one.Message, one.Cut));
        var collected = ChatClient.Collect(Events.Read(stream));

        Assert.Equal(0, skipped);
        Golden.Same(whole["choices"]![0]!["message"], JsonSerializer.SerializeToUtf8Bytes(collected["message"]));
        Golden.Same(whole["usage"], JsonSerializer.SerializeToUtf8Bytes(collected["usage"]));
        Assert.Equal((string?)whole["choices"]![0]!["finish_reason"], (string?)collected["finish_reason"]);
        Assert.Equal((string?)whole["id"], (string?)collected["id"]);
    });

    /// <summary>As Anthropic would stream it.</summary>
    private static byte[] Stream(JsonObject message, int cut)
    {
        var events = new JsonArray();
        var start = message.DeepClone().AsObject();
        start["content"] = new JsonArray();
        start["stop_reason"] = null;
        start["usage"]!["output_tokens"] = 1;
        Add(events, new() { ["type"] = "message_start", ["message"] = start });
        Add(events, new() { ["type"] = "ping" });
        var index = 0;
        foreach (var block in message["content"]!.AsArray())
        {
            AddBlock(events, index++, block!.DeepClone().AsObject(), cut);
        }

        Add(events, new()
        {
            ["type"] = "message_delta",
            ["delta"] = new JsonObject { ["stop_reason"] = (string)message["stop_reason"]!, ["stop_sequence"] = null },
            ["usage"] = new JsonObject { ["output_tokens"] = (int)message["usage"]!["output_tokens"]! },
        });
        Add(events, new() { ["type"] = "message_stop" });
        return Events.Bytes(events);
    }

    private static void AddBlock(JsonArray events, int index, JsonObject block, int cut)
    {
        var deltas = new List<JsonObject>();
        void Take(string field, string type, string piece)
        {
            var text = field == "input" ? block[field]!.ToJsonString() : (string)block[field]!;
            block[field] = field == "input" ? new JsonObject() : "";
            deltas.AddRange(AnyText.Cut(text == "{}" ? "" : text, cut).Select(part => new JsonObject { ["type"] = type, [piece] = part }));
        }

        switch ((string)block["type"]!)
        {
            case "text":
                Take("text", "text_delta", "text");
                break;
            case "thinking":
                Take("thinking", "thinking_delta", "thinking");
                Take("signature", "signature_delta", "signature");
                break;
            case "tool_use" or "server_tool_use":
                Take("input", "input_json_delta", "partial_json");
                break;
        }

        Add(events, new() { ["type"] = "content_block_start", ["index"] = index, ["content_block"] = block });
        foreach (var delta in deltas)
        {
            Add(events, new() { ["type"] = "content_block_delta", ["index"] = index, ["delta"] = delta });
        }

        Add(events, new() { ["type"] = "content_block_stop", ["index"] = index });
    }

    private static void Add(JsonArray events, JsonObject data) => events.Add(new JsonObject { ["event"] = (string)data["type"]!, ["data"] = data });
}
