using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Relay.Dialects.Tests.Kit;
using Relay.Gateway.Dialects;
using Relay.Gateway.Dialects.Anthropic;

namespace Relay.Dialects.Tests.ToAnthropic;

/// <summary>A chat request that becomes a Messages request and a chat request again means the same.</summary>
public sealed class RoundTripTests
{
    private static readonly Gen<JsonNode> UserPart = Gen.Frequency(
        (3, AnyText.Said.Select(text => (JsonNode)new JsonObject { ["type"] = "text", ["text"] = text })),
        (1, Gen.Elements("https://e.com/a.png", "data:image/png;base64,iVBORw0KGgo=").Select(url =>
            (JsonNode)new JsonObject { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = url } })));

    private static readonly Gen<JsonNode[]> User = Gen.Frequency(
        (2, AnyText.Said.Select(text => new JsonNode[] { new JsonObject { ["role"] = "user", ["content"] = text } })),
        (1, UserPart.NonEmptyListOf().Resize(4).Select(parts => new JsonNode[] { new JsonObject { ["role"] = "user", ["content"] = new JsonArray([.. parts]) } })));

    private static readonly Gen<JsonNode[]> System =
        from role in Gen.Elements("system", "developer")
        from text in AnyText.Said
        select new JsonNode[] { new JsonObject { ["role"] = role, ["content"] = text } };

    private static readonly Gen<JsonNode[]> Assistant =
        AnyText.Said.Select(text => new JsonNode[] { new JsonObject { ["role"] = "assistant", ["content"] = text } });

    private static readonly Gen<JsonNode[]> Calls =
        from text in AnyText.Said
        from hasText in Gen.Elements(true, false)
        from inputs in AnyText.Input.NonEmptyListOf().Resize(3)
        from result in AnyText.Said
        select CallsAndResults(hasText ? text : null, [.. inputs], result);

    private static readonly Gen<JsonObject> Request =
        from first in User
        from turns in Gen.Frequency((3, User), (3, Assistant), (2, Calls), (1, System)).ListOf().Resize(6)
        from temperature in Gen.Elements<double?>(null, 0, 0.25, 1)
        from stop in Gen.Elements<string?>(null, "[]", "[\"END\"]", "\"x\"")
        from choice in Gen.Elements("null", "\"auto\"", "\"none\"", "\"required\"", """{"type":"function","function":{"name":"f"}}""")
        from parallel in Gen.Elements(true, false)
        from format in Gen.Elements(true, false)
        from user in Gen.Elements<string?>(null, "u-1")
        select new JsonObject
        {
            ["model"] = "m",
            ["messages"] = new JsonArray([.. first.Concat(turns.SelectMany(turn => turn)).Select(message => message.DeepClone())]),
            ["max_completion_tokens"] = 77,
            ["temperature"] = temperature,
            ["stop"] = stop is null ? null : JsonNode.Parse(stop),
            ["tools"] = JsonNode.Parse("""[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{"a":{"type":"string"}}}}}]"""),
            ["tool_choice"] = JsonNode.Parse(choice),
            ["parallel_tool_calls"] = parallel,
            ["response_format"] = format ? JsonNode.Parse("""{"type":"json_schema","json_schema":{"name":"answer","schema":{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false},"strict":true}}""") : null,
            ["user"] = user,
        };

    [Fact]
    public void ChatToMessagesToChat_KeepsTheMeaning() => Invariant.Holds(Request, request =>
    {
        var (messages, chat, dropped) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>(), new DroppedFields());
        Assert.Null(new OpenAiAnthropic().WriteRequest(JsonSerializer.SerializeToUtf8Bytes(request), Kit.Calls.To("m"), messages, dropped)?.Message);
        MessagesRule.Holds(messages.WrittenSpan.ToArray());
        Assert.Null(new AnthropicOpenAi().ReadRequest(messages.WrittenMemory, chat, dropped)?.Message);

        Assert.Empty(dropped.Names);
        Golden.Same(Meaning(request), JsonSerializer.SerializeToUtf8Bytes(Meaning(JsonNode.Parse(chat.WrittenSpan)!.AsObject())));
    }, tests: 1000);

    [Theory]
    [InlineData("low")]
    [InlineData("medium")]
    [InlineData("high")]
    public void Effort_ComesBack(string effort)
    {
        var (messages, chat) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        var request = new JsonObject { ["model"] = "m", ["messages"] = JsonNode.Parse("""[{"role":"user","content":"x"}]"""), ["reasoning_effort"] = effort };
        Assert.Null(new OpenAiAnthropic().WriteRequest(JsonSerializer.SerializeToUtf8Bytes(request), Kit.Calls.To("m"), messages, new DroppedFields()));
        Assert.Null(new AnthropicOpenAi().ReadRequest(messages.WrittenMemory, chat, new DroppedFields()));

        Assert.Equal(effort, (string?)JsonNode.Parse(chat.WrittenSpan)!["reasoning_effort"]);
    }

    private static JsonNode[] CallsAndResults(string? text, string[] inputs, string result)
    {
        var calls = inputs.Select((input, i) => (JsonNode)new JsonObject
        {
            ["id"] = $"call_{i}",
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = "f", ["arguments"] = input },
        });
        var results = inputs.Select((_, i) => (JsonNode)new JsonObject { ["role"] = "tool", ["tool_call_id"] = $"call_{i}", ["content"] = result + i });
        return [new JsonObject { ["role"] = "assistant", ["content"] = text, ["tool_calls"] = new JsonArray([.. calls]) }, .. results];
    }

    /// <summary>
    /// What a request asks for, however it is written: the system text, then the turns with what is said in them, then the options that
    /// change anything. Where the system's messages stand is not part of it; docs/dialects.md says that they go to the front.
    /// </summary>
    private static JsonObject Meaning(JsonObject request)
    {
        var (system, turns) = ("", new JsonArray());
        string? side = null;
        foreach (var message in request["messages"]!.AsArray())
        {
            var role = (string)message!["role"]!;
            if (role is "system" or "developer")
            {
                system += (system.Length > 0 ? "\n" : "") + (string)message["content"]!;
                continue;
            }

            var now = role == "assistant" ? "assistant" : "user";
            if (side != now)
            {
                turns.Add(new JsonArray(now));
                side = now;
            }

            AddSaid(turns[^1]!.AsArray(), message);
        }

        // Where the answer goes on from the assistant's words, white space at their end is left off.
        if (side == "assistant" && turns[^1]!.AsArray()[^1] is JsonObject goesOn && (string?)goesOn["said"] is { } words)
        {
            goesOn["said"] = words.TrimEnd(' ', '\n', '\r', '\t');
        }

        var said = new JsonObject { ["system"] = system, ["turns"] = turns };
        foreach (var name in new[] { "model", "max_completion_tokens", "temperature", "tools", "response_format", "user" })
        {
            said[name] = request[name]?.DeepClone();
        }

        said["stop"] = request["stop"] switch
        {
            JsonArray { Count: 0 } => null,
            JsonValue one => new JsonArray(one.DeepClone()),
            var other => other?.DeepClone(),
        };

        // Without a choice the model may call, and none leaves nothing to do one at a time.
        var choice = request["tool_choice"]?.DeepClone() ?? "auto";
        said["choice"] = choice;
        said["oneAtATime"] = request["parallel_tool_calls"] is JsonValue parallel && !(bool)parallel && choice.ToJsonString() != "\"none\"";
        return said;
    }

    private static void AddSaid(JsonArray turn, JsonNode message)
    {
        if ((string?)message["tool_call_id"] is { } id)
        {
            turn.Add(new JsonObject { ["result"] = id, ["text"] = (string)message["content"]! });
            return;
        }

        foreach (var part in message["content"] as JsonArray ?? [])
        {
            AddPart(turn, (string?)part!["text"], (string?)part["image_url"]?["url"]);
        }

        if (message["content"] is JsonValue text)
        {
            AddPart(turn, (string)text!, null);
        }

        foreach (var call in message["tool_calls"]?.AsArray() ?? [])
        {
            turn.Add(new JsonObject
            {
                ["call"] = (string)call!["id"]!,
                ["name"] = (string)call["function"]!["name"]!,
                ["input"] = JsonNode.Parse((string)call["function"]!["arguments"]!),
            });
        }
    }

    /// <summary>Texts that follow one another are one text.</summary>
    private static void AddPart(JsonArray turn, string? text, string? url)
    {
        if (text is not null && turn[^1] is JsonObject last && last["said"] is { } before)
        {
            last["said"] = (string)before! + text;
        }
        else
        {
            turn.Add(text is null ? new JsonObject { ["image"] = url } : new JsonObject { ["said"] = text });
        }
    }
}
