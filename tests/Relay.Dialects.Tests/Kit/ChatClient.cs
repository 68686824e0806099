using System.Text.Json.Nodes;

namespace Relay.Dialects.Tests.Kit;

/// <summary>Puts a message together from chunks as OpenAI's client libraries do: strings are joined, calls by their index.</summary>
internal static class ChatClient
{
    public static JsonObject Collect(JsonArray events)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = null, ["refusal"] = null };
        var whole = new JsonObject { ["message"] = message };
        foreach (var chunk in events.Select(one => one!["data"]).OfType<JsonObject>())
        {
            whole["id"] = chunk["id"]?.DeepClone();
            whole["model"] = chunk["model"]?.DeepClone();
            whole["usage"] = chunk["usage"]?.DeepClone() ?? whole["usage"]?.DeepClone();
            if (chunk["choices"] is JsonArray { Count: 1 } choices)
            {
                whole["finish_reason"] = choices[0]!["finish_reason"]?.DeepClone() ?? whole["finish_reason"]?.DeepClone();
                Add(message, choices[0]!["delta"]!.AsObject());
            }
        }

        return whole;
    }

    private static void Add(JsonObject message, JsonObject delta)
    {
        foreach (var name in new[] { "content", "refusal", "reasoning_content" })
        {
            if ((string?)delta[name] is { Length: > 0 } piece)
            {
                message[name] = (string?)message[name] + piece;
            }
        }

        foreach (var block in delta["thinking_blocks"]?.AsArray() ?? [])
        {
            var own = block!.DeepClone().AsObject();
            own.Remove("index");
            Array(message, "thinking_blocks").Add(own);
        }

        foreach (var piece in delta["tool_calls"]?.AsArray() ?? [])
        {
            AddCall(Array(message, "tool_calls"), piece!);
        }
    }

    private static void AddCall(JsonArray calls, JsonNode piece)
    {
        if ((int)piece["index"]! == calls.Count)
        {
            calls.Add(new JsonObject
            {
                ["id"] = (string)piece["id"]!,
                ["type"] = (string)piece["type"]!,
                ["function"] = new JsonObject { ["name"] = (string)piece["function"]!["name"]!, ["arguments"] = "" },
            });
        }

        var function = calls[(int)piece["index"]!]!["function"]!;
        function["arguments"] = (string)function["arguments"]! + (string?)piece["function"]!["arguments"];
    }

    private static JsonArray Array(JsonObject message, string name)
    {
        if (message[name] is null)
        {
            message[name] = new JsonArray();
        }

        return message[name]!.AsArray();
    }
}
