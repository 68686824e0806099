using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Relay.Dialects.Tests.Kit;
using Relay.Gateway.Dialects.Anthropic;

namespace Relay.Dialects.Tests.FromAnthropic;

/// <summary>A client of Anthropic's API gets the same message, whether it came from the provider whole or as a stream.</summary>
public sealed class StreamIsPlainTests
{
    private static readonly Gen<JsonObject> Call =
        from input in AnyText.Input
        from name in Gen.Elements("f", "get_weather")
        from id in Gen.Elements("call_1", "a:0", "b")
        select new JsonObject { ["id"] = id, ["type"] = "function", ["function"] = new JsonObject { ["name"] = name, ["arguments"] = input } };

    private static readonly Gen<(JsonObject Chat, int Cut)> Answer =
        from text in Maybe(AnyText.Said)
        from refusal in Gen.Frequency((4, Gen.Constant<string?>(null)), (1, AnyText.Said.Select(said => (string?)said)))
        from reasoning in Maybe(AnyText.Said)
        from signature in Gen.Elements("", "Ci8B")
        from calls in Call.ListOf().Resize(3)
        from finish in Gen.Elements("stop", "length", "tool_calls", "content_filter")
        from usage in Gen.Choose(0, 500).ArrayOf(5)
        from cut in Gen.Choose(1, 9)
        select (new JsonObject
        {
            ["id"] = "chatcmpl-1",
            ["object"] = "chat.completion",
            ["model"] = "gpt",
            ["choices"] = new JsonArray(new JsonObject
            {
                ["index"] = 0,
                ["message"] = Message(refusal is null ? text : null, refusal, reasoning, signature, [.. calls]),
                ["finish_reason"] = finish,
            }),
            ["usage"] = new JsonObject
            {
                ["prompt_tokens"] = usage[0] + usage[1] + usage[2],
                ["completion_tokens"] = usage[3],
                ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = usage[1], ["cache_write_5m_tokens"] = usage[2] },
                ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = usage[4] },
            },
        }, cut);

    [Fact]
    public void AnyAnswer_StreamedOrWhole_IsTheSameMessage() => Invariant.Holds(Answer, one =>
    {
        var to = new ArrayBufferWriter<byte>();
        new AnthropicOpenAi().WriteAnswer(JsonSerializer.SerializeToUtf8Bytes(one.Chat), to);

        var (stream, skipped) = Events.Translate(new AnthropicOpenAi().WriteStream("gpt", "req1"), Stream(one.Chat, one.Cut));

        Assert.Equal(0, skipped);
        Golden.Same(JsonNode.Parse(to.WrittenSpan), JsonSerializer.SerializeToUtf8Bytes(MessagesClient.Collect(Events.Read(stream))));
    });

    private static Gen<string?> Maybe(Gen<string> texts) => Gen.Frequency((1, Gen.Constant<string?>(null)), (2, texts.Select(text => (string?)text)));

    private static JsonObject Message(string? text, string? refusal, string? reasoning, string signature, JsonNode[] calls)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = text, ["refusal"] = refusal };
        if (reasoning is not null)
        {
            message["reasoning_content"] = reasoning;
            if (signature.Length > 0)
            {
                message["thinking_blocks"] = new JsonArray(new JsonObject { ["type"] = "thinking", ["thinking"] = reasoning, ["signature"] = signature });
            }
        }

        if (calls.Length > 0)
        {
            message["tool_calls"] = new JsonArray(calls);
        }

        return message;
    }

    /// <summary>As OpenAI would stream it.</summary>
    private static byte[] Stream(JsonObject chat, int cut)
    {
        var events = new JsonArray();
        var message = chat["choices"]![0]!["message"]!;
        void Add(JsonObject delta, string? finish = null) => events.Add(new JsonObject
        {
            ["data"] = new JsonObject
            {
                ["id"] = "chatcmpl-1",
                ["object"] = "chat.completion.chunk",
                ["model"] = "gpt",
                ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finish }),
            },
        });

        Add(new() { ["role"] = "assistant", ["content"] = "" });
        foreach (var field in new[] { "reasoning_content", "thinking_blocks", "content", "refusal" })
        {
            if (message[field] is JsonArray blocks)
            {
                Add(new() { [field] = blocks.DeepClone() });
            }

            foreach (var piece in AnyText.Cut(message[field] is JsonValue text ? (string)text! : "", cut))
            {
                Add(new() { [field] = piece });
            }
        }

        var index = 0;
        foreach (var call in message["tool_calls"]?.AsArray() ?? [])
        {
            Add(Piece(index, (string)call!["id"]!, new() { ["name"] = (string)call["function"]!["name"]!, ["arguments"] = "" }));
            foreach (var piece in AnyText.Cut((string)call["function"]!["arguments"]!, cut))
            {
                Add(Piece(index, null, new() { ["arguments"] = piece }));
            }

            index++;
        }

        Add([], (string)chat["choices"]![0]!["finish_reason"]!);
        events.Add(new JsonObject { ["data"] = new JsonObject { ["choices"] = new JsonArray(), ["usage"] = chat["usage"]!.DeepClone() } });
        events.Add(new JsonObject { ["done"] = true });
        return Events.Bytes(events);
    }

    private static JsonObject Piece(int index, string? id, JsonObject function)
    {
        var call = new JsonObject { ["index"] = index, ["function"] = function };
        if (id is not null)
        {
            call["id"] = id;
            call["type"] = "function";
        }

        return new() { ["tool_calls"] = new JsonArray(call) };
    }
}
