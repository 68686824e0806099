using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Relay.Dialects.Tests.Kit;

/// <summary>Random JSON made of words that the dialects know, so that it reaches far into them.</summary>
internal static class AnyJson
{
    private static readonly string[] Words =
    [
        "model", "messages", "role", "content", "type", "text", "system", "user", "assistant", "tool", "developer", "function", "image_url",
        "url", "image", "source", "base64", "media_type", "data", "file", "file_data", "document", "tool_calls", "tool_call_id", "tool_use",
        "tool_result", "tool_use_id", "input", "id", "name", "arguments", "tools", "tool_choice", "input_schema", "parameters", "auto", "any",
        "none", "required", "thinking", "signature", "thinking_blocks", "redacted_thinking", "reasoning_content", "reasoning_effort", "low",
        "enabled", "budget_tokens", "stop", "stop_sequences", "temperature", "top_p", "top_k", "max_tokens", "max_completion_tokens", "n",
        "stream", "response_format", "json_schema", "schema", "properties", "additionalProperties", "output_config", "format", "effort",
        "metadata", "user_id", "cache_control", "usage", "choices", "message", "delta", "finish_reason", "index", "content_block", "error",
        "stop_reason", "message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta", "message_stop",
        "text_delta", "input_json_delta", "partial_json", "thinking_delta", "signature_delta", "prompt_tokens", "input_tokens", "output_tokens",
    ];

    private static readonly string[] Odd =
    [
        "", " ", "\n", "é✓", "relay:", "relay:x", "data:image/png;base64,iVBO", "data:image/png,x", "data:,", "{}", "{\"a\":1}", "{", "[1]", "a b\"\\", "https://e.com/a.png",
    ];

    private static Gen<string> Leaf { get; } = Gen.Frequency(
        (6, Gen.Elements(Words).Select(Quoted)),
        (3, Gen.Elements(Odd).Select(Quoted)),
        (3, Gen.Elements("0", "1", "-1", "0.5", "1e400", "99999999999999999999", "2", "true", "false", "null")),
        (1, Gen.Elements("\"\\ud800\"", "\"\\u0061uto\"", "\"\\/9j\\/\"")));

    /// <summary>Any value as text.</summary>
    public static Gen<string> Value { get; } = Of(3).Resize(4);

    /// <summary>Any object as text.</summary>
    public static Gen<string> Object { get; } = ObjectOf(Of(3)).Resize(5);

    /// <summary>One of the files' requests with a value in it replaced, removed or doubled.</summary>
    public static Gen<string> Mutated(JsonNode[] requests) =>
        from which in Gen.Choose(0, requests.Length - 1)
        from at in Gen.Choose(0, 10_000)
        from value in Value
        from edit in Gen.Choose(0, 3)
        select Mutate(requests[which].DeepClone(), at, value, edit);

    private static Gen<string> Of(int depth) => depth == 0 ? Leaf : Gen.Frequency((3, Leaf), (2, ObjectOf(Of(depth - 1))), (2, ArrayOf(Of(depth - 1))));

    private static Gen<string> ObjectOf(Gen<string> values) =>
        from names in Gen.Frequency((40, Gen.Elements(Words).Select(Quoted)), (1, Gen.Constant("\"\\ud800\""))).ArrayOf()
        from all in values.ArrayOf(names.Length)
        select "{" + string.Join(',', names.Zip(all).DistinctBy(pair => pair.First).Select(pair => pair.First + ":" + pair.Second)) + "}";

    private static Gen<string> ArrayOf(Gen<string> values) => values.ArrayOf().Select(all => "[" + string.Join(',', all) + "]");

    private static string Quoted(string text) => JsonValue.Create(text).ToJsonString();

    private static string Mutate(JsonNode root, int at, string value, int edit)
    {
        var places = new List<Action>();
        var mark = Guid.NewGuid().ToString("N");
        Collect(root, places, edit == 0 ? null : mark);
        places[at % places.Count]();
        return root.ToJsonString().Replace($"\"{mark}\"", value, StringComparison.Ordinal);
    }

    private static void Collect(JsonNode? node, List<Action> places, string? mark)
    {
        if (node is JsonObject o)
        {
            foreach (var (name, value) in o)
            {
                places.Add(() => Replace(o, name, mark));
                Collect(value, places, mark);
            }
        }
        else if (node is JsonArray a)
        {
            for (var i = 0; i < a.Count; i++)
            {
                var index = i;
                places.Add(() => a[index] = mark);
                Collect(a[i], places, mark);
            }
        }
    }

    private static void Replace(JsonObject o, string name, string? mark)
    {
        if (mark is null)
        {
            o.Remove(name);
        }
        else
        {
            o[name] = mark;
        }
    }
}
