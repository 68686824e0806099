using System.Text.Json;

namespace Relay.Gateway.Telemetry.Content;

/// <summary>The tool calls of a message in OpenAI's form.</summary>
internal static class ToolCalls
{
    /// <summary>Writes them.</summary>
    public static void Write(JsonElement message, MessageWriter to)
    {
        if (!message.TryGetProperty("tool_calls"u8, out var calls) || calls.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (var call in calls.EnumerateArray())
        {
            if (call.ValueKind == JsonValueKind.Object && call.TryGetProperty("function"u8, out var function))
            {
                Write(to, call.Text("id"), function.Text("name"), function.Text("arguments") ?? "");
            }
        }
    }

    /// <summary>Writes one.</summary>
    /// <param name="to">Receives it.</param>
    /// <param name="id">Its id, or null.</param>
    /// <param name="name">The tool's name.</param>
    /// <param name="arguments">Its arguments as JSON text.</param>
    public static void Write(MessageWriter to, string? id, string? name, string arguments) => to.Part(
        "tool_call",
        json =>
        {
            json.WriteString("id"u8, id);
            json.WriteString("name"u8, name ?? "");
        },
        "arguments",
        arguments);

    /// <summary>The value of a member that is a string; else null.</summary>
    public static string? Text(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
