using System.Text.Json;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>The form of the answer: response_format becomes output_config.format. For json_object, which Anthropic has not, the model is told in system.</summary>
internal sealed class OpenAiAnthropicFormat
{
    private readonly RequestReport _report;
    private readonly JsonElement _schema;
    private readonly bool _wantsObject;

    /// <summary>Reads it.</summary>
    public OpenAiAnthropicFormat(JsonElement chat, RequestReport report, OpenAiAnthropicOptions options)
    {
        _report = report;
        if (!chat.TryGet("response_format"u8, out var format) || format.Has("type"u8, "text"u8))
        {
            return;
        }

        if (format.Has("type"u8, "json_object"u8))
        {
            _wantsObject = true;
            report.Drop("response_format");
        }
        else if (!format.Has("type"u8, "json_schema"u8))
        {
            report.Refuse("response_format.type", "must be text, json_object or json_schema.");
        }
        else if (!options.StructuredOutputs)
        {
            report.Refuse("response_format", "cannot be honoured: this model has no structured outputs.");
        }
        else if (!format.TryGet("json_schema"u8, out var named) || !named.TryGet("schema"u8, out _schema) || _schema.ValueKind != JsonValueKind.Object)
        {
            report.Refuse("response_format.json_schema.schema", "must be a JSON schema: an object.");
        }
    }

    /// <summary>What system says besides, or empty.</summary>
    public ReadOnlySpan<byte> Instruction => _wantsObject ? "Answer with one JSON object and nothing else."u8 : default;

    /// <summary>Writes output_config, when there is anything for it.</summary>
    /// <param name="to">The writer.</param>
    /// <param name="effort">The effort, or empty.</param>
    public void Write(Utf8JsonWriter to, ReadOnlySpan<byte> effort)
    {
        var hasSchema = _schema.ValueKind == JsonValueKind.Object;
        if (!hasSchema && effort.IsEmpty)
        {
            return;
        }

        to.WriteStartObject("output_config"u8);
        if (!effort.IsEmpty)
        {
            to.WriteString("effort"u8, effort);
        }

        if (hasSchema)
        {
            to.WriteStartObject("format"u8);
            to.WriteString("type"u8, "json_schema"u8);
            to.WritePropertyName("schema"u8);
            new OpenAiAnthropicSchema(to, _report).Write(_schema);
            to.WriteEndObject();
        }

        to.WriteEndObject();
    }
}
