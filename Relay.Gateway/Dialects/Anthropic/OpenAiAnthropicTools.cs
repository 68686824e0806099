using System.Text.Json;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>Writes tools and tool_choice.</summary>
internal sealed class OpenAiAnthropicTools(JsonElement chat, Utf8JsonWriter to, RequestReport report, OpenAiAnthropicOptions options)
{
    /// <summary>The model must call a tool; Anthropic does not think then.</summary>
    public bool Forced { get; private set; }

    /// <summary>Writes both fields.</summary>
    /// <param name="called">The tools that were called in the conversation.</param>
    public void Write(List<JsonElement> called)
    {
        if (chat.TryGet("tools"u8, out var tools) && (tools.ValueKind != JsonValueKind.Array || tools.GetArrayLength() > 0))
        {
            WriteTools(tools);
            WriteChoice();
            return;
        }

        if (chat.TryGet("tool_choice"u8, out var choice) && !choice.Is("none"u8) && !choice.Is("auto"u8))
        {
            report.Refuse("tool_choice", "needs tools.");
        }

        WriteFormerTools(called);
    }

    /// <summary>A conversation with calls must define tools at Anthropic. Where the request offers none, they are named and may not be called.</summary>
    private void WriteFormerTools(List<JsonElement> called)
    {
        if (called.Count == 0)
        {
            return;
        }

        to.WriteStartArray("tools"u8);
        foreach (var name in called.DistinctBy(name => name.GetString()))
        {
            to.WriteStartObject();
            to.WriteRaw("name"u8, name);
            WriteSchema(default);
            to.WriteEndObject();
        }

        to.WriteEndArray();
        to.WriteStartObject("tool_choice"u8);
        to.WriteString("type"u8, "none"u8);
        to.WriteEndObject();
    }

    private void WriteTools(JsonElement tools)
    {
        if (tools.ValueKind != JsonValueKind.Array)
        {
            report.Refuse("tools", "must be an array of tools.");
            return;
        }

        to.WriteStartArray("tools"u8);
        var i = 0;
        foreach (var tool in tools.EnumerateArray())
        {
            WriteTool(tool, new Place("tools", i++));
        }

        to.WriteEndArray();
    }

    private void WriteTool(JsonElement tool, Place at)
    {
        if (!tool.Has("type"u8, "function"u8))
        {
            report.Refuse(at.Dot("type"), "must be \"function\": other tools are not carried to Anthropic.");
        }
        else if (!tool.TryGet("function"u8, out var function) || !function.TryGetText("name"u8, out _))
        {
            report.Refuse(at.Dot("function.name"), "must be a string.");
        }
        else if (function.TryGet("parameters"u8, out var schema) && schema.ValueKind != JsonValueKind.Object)
        {
            report.Refuse(at.Dot("function.parameters"), "must be a JSON schema: an object.");
        }
        else
        {
            to.WriteStartObject();
            to.CopyField(function, "name"u8);
            to.CopyField(function, "description"u8);
            WriteSchema(schema);
            WriteStrict(function);
            OpenAiAnthropicContent.WriteCacheControl(to, tool.TryGet("cache_control"u8, out _) ? tool : function);
            to.WriteEndObject();
        }
    }

    /// <summary>Anthropic wants type object in it; OpenAI does without, and without a schema at all.</summary>
    private void WriteSchema(JsonElement schema)
    {
        if (schema.TryGet("type"u8, out _))
        {
            to.WriteRaw("input_schema"u8, schema);
            return;
        }

        to.WriteStartObject("input_schema"u8);
        to.WriteString("type"u8, "object"u8);
        if (!schema.TryGet("properties"u8, out _))
        {
            to.WriteStartObject("properties"u8);
            to.WriteEndObject();
        }

        if (schema.ValueKind == JsonValueKind.Object)
        {
            foreach (var field in schema.EnumerateObject().Where(field => field.Value.ValueKind != JsonValueKind.Null))
            {
                to.WritePropertyName(field.Name);
                to.WriteRawValue(field.Value.Raw(), skipInputValidation: true);
            }
        }

        to.WriteEndObject();
    }

    private void WriteStrict(JsonElement function)
    {
        if (!function.TryGet("strict"u8, out var strict) || strict.ValueKind != JsonValueKind.True)
        {
            return;
        }

        if (options.StructuredOutputs)
        {
            to.WriteBoolean("strict"u8, true);
        }
        else
        {
            report.Drop("tools.function.strict");
        }
    }

    private void WriteChoice()
    {
        var oneAtATime = chat.TryGet("parallel_tool_calls"u8, out var parallel) && parallel.ValueKind == JsonValueKind.False;
        if (!chat.TryGet("tool_choice"u8, out var choice))
        {
            if (oneAtATime)
            {
                WriteChoice("auto"u8, default, oneAtATime);
            }
        }
        else if (choice.Is("auto"u8) || choice.Is("none"u8))
        {
            WriteChoice(choice.Inner(), default, oneAtATime && choice.Is("auto"u8));
        }
        else if (choice.Is("required"u8))
        {
            Forced = true;
            WriteChoice("any"u8, default, oneAtATime);
        }
        else if (choice.Has("type"u8, "function"u8) && choice.TryGet("function"u8, out var function) && function.TryGetText("name"u8, out _))
        {
            Forced = true;
            WriteChoice("tool"u8, function, oneAtATime);
        }
        else
        {
            report.Refuse("tool_choice", "must be auto, none, required or {\"type\":\"function\",\"function\":{\"name\":...}}; other forms are not carried to Anthropic.");
        }
    }

    private void WriteChoice(ReadOnlySpan<byte> type, JsonElement named, bool oneAtATime)
    {
        to.WriteStartObject("tool_choice"u8);
        to.WriteString("type"u8, type);
        to.CopyField(named, "name"u8);
        if (oneAtATime)
        {
            to.WriteBoolean("disable_parallel_tool_use"u8, true);
        }

        to.WriteEndObject();
    }
}
