using System.Text.Json;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>Writes the messages. One message of Anthropic's user may become several: one for each result of a tool, then the rest.</summary>
internal sealed class AnthropicOpenAiMessages(Utf8JsonWriter to, RequestReport report)
{
    private readonly AnthropicOpenAiContent _content = new(to, report);
    private readonly AnthropicOpenAiResults _results = new(to, report);
    private readonly AnthropicOpenAiAssistant _assistant = new(to, report);

    /// <summary>Writes all.</summary>
    /// <param name="messages">The value of messages.</param>
    public void Write(JsonElement messages)
    {
        if (messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() == 0)
        {
            report.Refuse("messages", "must be an array with at least one message.");
            return;
        }

        var i = 0;
        foreach (var message in messages.EnumerateArray())
        {
            WriteMessage(message, new Place("messages", i++));
        }
    }

    /// <summary>Writes a system message from a string or an array of text blocks.</summary>
    public void WriteSystem(JsonElement system, Place at)
    {
        to.WriteStartObject();
        to.WriteString("role"u8, "system"u8);
        _content.WriteJoined("content"u8, system, at, "\\n"u8);
        to.WriteEndObject();
    }

    private void WriteMessage(JsonElement message, Place at)
    {
        if (!message.TryGet("role"u8, out var role) || !(role.Is("user"u8) || role.Is("assistant"u8) || role.Is("system"u8)))
        {
            report.Refuse(at.Dot("role"), "must be user or assistant.");
            return;
        }

        if (!message.TryGet("content"u8, out var content) || content.ValueKind is not (JsonValueKind.String or JsonValueKind.Array))
        {
            report.Refuse(at.Dot("content"), "must be a string or an array of content blocks.");
        }
        else if (content.ValueKind == JsonValueKind.Array && content.GetArrayLength() == 0)
        {
            report.Refuse(at.Dot("content"), "must hold at least one content block.");
        }
        else if (role.Is("system"u8))
        {
            WriteSystem(content, at);
        }
        else if (role.Is("assistant"u8))
        {
            _assistant.Write(content, at);
        }
        else
        {
            WriteUser(content, at);
        }
    }

    private void WriteUser(JsonElement content, Place at)
    {
        if (content.ValueKind == JsonValueKind.Array)
        {
            _results.Write(content, at);
        }

        if (content.ValueKind == JsonValueKind.String || content.EnumerateArray().Any(block => !AnthropicOpenAiResults.IsResult(block) || AnthropicOpenAiResults.HasImages(block)))
        {
            to.WriteStartObject();
            to.WriteString("role"u8, "user"u8);
            _content.WriteUser(content, at);
            to.WriteEndObject();
        }
    }
}
