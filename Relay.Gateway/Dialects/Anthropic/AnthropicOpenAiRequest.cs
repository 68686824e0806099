using System.Text.Json;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>Writes a chat completions request from a Messages request, part by part.</summary>
internal sealed class AnthropicOpenAiRequest(JsonElement root, Utf8JsonWriter to, RequestReport report)
{
    /// <summary>Fields that are read below or by the other parts.</summary>
    private static readonly HashSet<string> Carried =
    [
        "model", "messages", "system", "max_tokens", "stream", "temperature", "top_p", "top_k", "stop_sequences", "tools", "tool_choice",
        "thinking", "output_config", "output_format", "metadata", "service_tier", "inference_geo",
    ];

    /// <summary>Writes it all.</summary>
    public void Write()
    {
        to.WriteStartObject();
        WriteModel();
        WriteMessages();
        WriteMaxTokens();
        WriteStream();
        WriteSampling();
        new AnthropicOpenAiTools(root, to, report).Write();
        AnthropicOpenAiFormat.Write(root, to, report);
        AnthropicOpenAiThinking.Write(root, to, report);
        WriteUser();
        WriteServiceTier();
        to.WriteEndObject();
        DropTheRest();
    }

    /// <summary>The one string that Relay itself must be able to decode.</summary>
    private void WriteModel()
    {
        if (root.TryGetText("model"u8, out _))
        {
            to.WriteString("model"u8, root.GetProperty("model"u8).GetString());
        }
        else
        {
            report.Refuse("model", "must be a string: the name of a configured model.");
        }
    }

    private void WriteMessages()
    {
        to.WriteStartArray("messages"u8);
        var messages = new AnthropicOpenAiMessages(to, report);
        if (root.TryGet("system"u8, out var system))
        {
            messages.WriteSystem(system, new Place("system"));
        }

        messages.Write(root.TryGet("messages"u8, out var list) ? list : default);
        to.WriteEndArray();
    }

    /// <summary>0 would fill Anthropic's cache without an answer.</summary>
    private void WriteMaxTokens()
    {
        if (root.TryGet("max_tokens"u8, out var most) && most.TryGetWhole(out var tokens) && tokens > 0)
        {
            to.WriteNumber("max_completion_tokens"u8, tokens);
        }
        else
        {
            report.Refuse("max_tokens", "must be a whole number of at least 1.");
        }
    }

    private void WriteStream()
    {
        if (!root.TryGet("stream"u8, out var stream))
        {
            return;
        }

        if (stream.ValueKind == JsonValueKind.True)
        {
            to.WriteBoolean("stream"u8, true);
            to.WriteStartObject("stream_options"u8);
            to.WriteBoolean("include_usage"u8, true);
            to.WriteEndObject();
        }
        else if (stream.ValueKind != JsonValueKind.False)
        {
            report.Refuse("stream", "must be true or false.");
        }
    }

    private void WriteSampling()
    {
        CopyNumber("temperature"u8, "temperature");
        CopyNumber("top_p"u8, "top_p");
        CopyNumber("top_k"u8, "top_k");
        if (!root.TryGet("stop_sequences"u8, out var stops))
        {
            return;
        }

        if (stops.ValueKind != JsonValueKind.Array || stops.EnumerateArray().Any(stop => stop.ValueKind != JsonValueKind.String))
        {
            report.Refuse("stop_sequences", "must be an array of strings.");
        }
        else if (stops.GetArrayLength() > 0)
        {
            to.WriteRaw("stop"u8, stops);
        }
    }

    private void CopyNumber(ReadOnlySpan<byte> name, string field)
    {
        if (!root.TryGet(name, out var value))
        {
            return;
        }

        if (value.ValueKind == JsonValueKind.Number)
        {
            to.WriteRaw(name, value);
        }
        else
        {
            report.Refuse(field, "must be a number.");
        }
    }

    private void WriteUser()
    {
        if (!root.TryGet("metadata"u8, out var metadata))
        {
            return;
        }

        if (metadata.ValueKind != JsonValueKind.Object || (metadata.TryGet("user_id"u8, out var user) && user.ValueKind != JsonValueKind.String))
        {
            report.Refuse("metadata.user_id", "must be a string.");
        }
        else if (metadata.TryGetText("user_id"u8, out _))
        {
            to.WriteRaw("user"u8, metadata.GetProperty("user_id"u8));
        }
    }

    /// <summary>Anthropic's auto is what OpenAI does without the field.</summary>
    private void WriteServiceTier()
    {
        if (root.TryGet("service_tier"u8, out var tier) && tier.Is("standard_only"u8))
        {
            to.WriteString("service_tier"u8, "default"u8);
        }

        if (root.TryGet("inference_geo"u8, out _))
        {
            report.Refuse("inference_geo", "cannot be kept by another provider. Leave it out, or ask for a model that only Anthropic serves.");
        }
    }

    private void DropTheRest()
    {
        foreach (var field in root.EnumerateObject())
        {
            if (!Carried.Contains(field.Name) && field.Value.ValueKind != JsonValueKind.Null)
            {
                report.DropUnknown(field.Name);
            }
        }
    }
}
