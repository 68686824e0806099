using System.Text.Json;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Gateway.Telemetry.Content;

/// <summary>The messages of a chat completions request as <c>gen_ai.input.messages</c>.</summary>
internal static class InputMessages
{
    /// <summary>Writes them.</summary>
    public static void Write(ReadOnlyMemory<byte> chat, MessageWriter to)
    {
        using var document = JsonDocument.Parse(chat, new JsonDocumentOptions { MaxDepth = RequestScanner.MaxDepth });
        if (!document.RootElement.TryGetProperty("messages"u8, out var messages) || messages.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (var message in messages.EnumerateArray())
        {
            if (message.ValueKind != JsonValueKind.Object)
            {
                continue;
            }

            if (!to.TryBegin(message.Text("role") ?? "user"))
            {
                return;
            }

            WriteParts(message, to);
            to.End();
        }
    }

    private static void WriteParts(JsonElement message, MessageWriter to)
    {
        message.TryGetProperty("content"u8, out var content);
        if (message.Text("role") == "tool")
        {
            to.Part("tool_call_response", json => json.WriteString("id"u8, message.Text("tool_call_id")), "response", AllText(content));
            return;
        }

        if (message.Text("reasoning_content") is { Length: > 0 } reasoning)
        {
            to.Part("reasoning", reasoning);
        }

        WriteContent(content, to);
        ToolCalls.Write(message, to);
    }

    private static void WriteContent(JsonElement content, MessageWriter to)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            to.Part("text", content.GetString()!);
        }
        else if (content.ValueKind == JsonValueKind.Array)
        {
            foreach (var part in content.EnumerateArray())
            {
                if (part.ValueKind == JsonValueKind.Object)
                {
                    WritePart(part, to);
                }
            }
        }
    }

    private static void WritePart(JsonElement part, MessageWriter to)
    {
        switch (part.Text("type"))
        {
            case "text":
                to.Part("text", part.Text("text") ?? "");
                break;
            case "image_url" when part.TryGetProperty("image_url"u8, out var image) && Url(image) is { } url && !url.StartsWith("data:", StringComparison.OrdinalIgnoreCase):
                to.Part("uri", static json => json.WriteString("modality"u8, "image"u8), "uri", url);
                break;
            case "image_url":
                to.Omitted("image");
                break;
            case "input_audio":
                to.Omitted("audio");
                break;
            case "file":
                to.Omitted("document");
                break;
            default:
                to.Part("other", static _ => { }, "content", null);
                break;
        }
    }

    private static string? Url(JsonElement image) => image.ValueKind == JsonValueKind.String ? image.GetString() : image.Text("url");

    private static string AllText(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => content.GetString()!,
        JsonValueKind.Array => string.Concat(content.EnumerateArray().Select(p => p.Text("text"))),
        _ => "",
    };
}
