using System.Text.Json.Nodes;

namespace Relay.Dialects.Tests.Kit;

/// <summary>Puts a message together from events as Anthropic's client libraries do, and insists on their order: each block starts, gets its pieces, and stops.</summary>
internal static class MessagesClient
{
    public static JsonObject Collect(JsonArray events)
    {
        JsonObject? message = null;
        var open = -1;
        var input = "";
        foreach (var one in events)
        {
            var data = one!["data"]!;
            Assert.Equal((string?)one["event"], (string?)data["type"]);
            switch ((string?)data["type"])
            {
                case "message_start":
                    Assert.Null(message);
                    message = data["message"]!.DeepClone().AsObject();
                    break;
                case "content_block_start":
                    Assert.Equal(-1, open);
                    open = (int)data["index"]!;
                    Assert.Equal(message!["content"]!.AsArray().Count, open);
                    message["content"]!.AsArray().Add(data["content_block"]!.DeepClone());
                    input = "";
                    break;
                case "content_block_delta":
                    Assert.Equal(open, (int)data["index"]!);
                    Add(message!["content"]![open]!, data["delta"]!, ref input);
                    break;
                case "content_block_stop":
                    Assert.Equal(open, (int)data["index"]!);
                    open = -1;
                    break;
                case "message_delta":
                    Assert.Equal(-1, open);
                    message!["stop_reason"] = data["delta"]!["stop_reason"]!.DeepClone();
                    message["usage"] = data["usage"]!.DeepClone();
                    break;
                default:
                    Assert.Equal("message_stop", (string?)data["type"]);
                    break;
            }
        }

        Assert.Equal("message_stop", (string?)events[^1]!["event"]);
        return message!;
    }

    private static void Add(JsonNode block, JsonNode delta, ref string input)
    {
        switch ((string?)delta["type"])
        {
            case "text_delta":
                block["text"] = (string?)block["text"] + (string?)delta["text"];
                break;
            case "thinking_delta":
                block["thinking"] = (string?)block["thinking"] + (string?)delta["thinking"];
                break;
            case "signature_delta":
                block["signature"] = (string?)block["signature"] + (string?)delta["signature"];
                break;
            default:
                Assert.Equal("input_json_delta", (string?)delta["type"]);
                input += (string?)delta["partial_json"];
                TryParse(block, input);
                break;
        }
    }

    private static void TryParse(JsonNode block, string input)
    {
        try
        {
            block["input"] = JsonNode.Parse(input);
        }
        catch (System.Text.Json.JsonException)
        {
            // Not all of it is there yet.
        }
    }
}
