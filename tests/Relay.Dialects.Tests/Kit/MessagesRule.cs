using System.Text.Json.Nodes;

namespace Relay.Dialects.Tests.Kit;

/// <summary>What Anthropic asks of every request, as far as its public reference says it: a request that breaks it is refused with 400.</summary>
internal static class MessagesRule
{
    public static void Holds(byte[] request)
    {
        var root = JsonNode.Parse(request)!.AsObject();
        var maxTokens = (long)root["max_tokens"]!;
        Assert.True(maxTokens >= 1);
        if (root["thinking"] is { } thinking && (string?)thinking["type"] == "enabled")
        {
            Assert.InRange((long)thinking["budget_tokens"]!, 1024, maxTokens - 1);
            Assert.Null(root["top_k"]);
            Assert.Null(root["temperature"]);
            Assert.DoesNotContain((string?)root["tool_choice"]?["type"], new[] { "any", "tool" });
        }

        Assert.False(root["temperature"] is not null && root["top_p"] is not null);
        Assert.InRange((double?)root["temperature"] ?? 0, 0, 1);
        Assert.All(root["stop_sequences"]?.AsArray() ?? [], stop => Assert.False(string.IsNullOrWhiteSpace((string)stop!)));
        Assert.True(root["tool_choice"] is null || root["tools"] is JsonArray { Count: > 0 });
        Assert.All(root["tools"]?.AsArray() ?? [], tool => Assert.NotNull(tool!["input_schema"]!["type"]));
        Messages(root["messages"]!.AsArray(), hasTools: root["tools"] is not null);
        Assert.All(root["system"]?.AsArray() ?? [], Block);
    }

    private static void Messages(JsonArray messages, bool hasTools)
    {
        Assert.NotEmpty(messages);
        for (var i = 0; i < messages.Count; i++)
        {
            Assert.Equal(i % 2 == 0 ? "user" : "assistant", (string?)messages[i]!["role"]);
            var content = messages[i]!["content"]!.AsArray();
            Assert.NotEmpty(content);
            var resultsEnd = content.TakeWhile(block => (string?)block!["type"] == "tool_result").Count();
            Assert.DoesNotContain(content.Skip(resultsEnd), block => (string?)block!["type"] == "tool_result");
            Assert.All(content, Block);
            Assert.DoesNotContain((string?)content[^1]!["type"], new[] { "thinking", "redacted_thinking" });
            Assert.False(i == messages.Count - 1 && i % 2 == 1 && (string?)content[^1]!["type"] == "text" && ((string)content[^1]!["text"]!)[^1] is ' ' or '\n' or '\r' or '\t');
            Assert.True(hasTools || content.All(block => (string?)block!["type"] != "tool_use"));
        }
    }

    private static void Block(JsonNode? block)
    {
        switch ((string?)block!["type"])
        {
            case "text":
                Assert.False(string.IsNullOrWhiteSpace((string?)block["text"]));
                break;
            case "tool_use":
                Assert.Matches("^[a-zA-Z0-9_-]+$", (string?)block["id"]);
                Assert.IsType<JsonObject>(block["input"]);
                break;
            case "tool_result":
                Assert.Matches("^[a-zA-Z0-9_-]+$", (string?)block["tool_use_id"]);
                break;
            case "thinking":
                Assert.NotEqual("", (string?)block["signature"]);
                break;
            default:
                Assert.Contains((string?)block["type"], new[] { "image", "document", "redacted_thinking" });
                break;
        }
    }
}
