using System.Text.Json;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>Writes tools, tool_choice and parallel_tool_calls.</summary>
internal sealed class AnthropicOpenAiTools(JsonElement root, Utf8JsonWriter to, RequestReport report)
{
    /// <summary>Tools that Anthropic runs itself, by how their type begins, and what their absence is called.</summary>
    private static readonly (string Type, string Dropped)[] RunByProvider =
    [
        ("web_search_", "tools.web_search"),
        ("web_fetch_", "tools.web_fetch"),
        ("code_execution_", "tools.code_execution"),
        ("tool_search_tool_", "tools.tool_search"),
    ];

    private bool _any;

    /// <summary>Writes the fields.</summary>
    public void Write()
    {
        if (root.TryGet("tools"u8, out var tools))
        {
            WriteTools(tools);
        }

        if (root.TryGet("tool_choice"u8, out var choice))
        {
            WriteChoice(choice);
        }
    }

    private void WriteTools(JsonElement tools)
    {
        if (tools.ValueKind != JsonValueKind.Array)
        {
            report.Refuse("tools", "must be an array of tools.");
            return;
        }

        var i = 0;
        foreach (var tool in tools.EnumerateArray())
        {
            WriteTool(tool, new Place("tools", i++));
        }

        if (_any)
        {
            to.WriteEndArray();
        }
    }

    private void WriteTool(JsonElement tool, Place at)
    {
        if (tool.TryGet("type"u8, out var type) && !type.Is("custom"u8))
        {
            DropOrRefuse(type, at);
        }
        else if (!tool.TryGetText("name"u8, out _))
        {
            report.Refuse(at.Dot("name"), "must be a string.");
        }
        else if (!tool.TryGet("input_schema"u8, out var schema) || schema.ValueKind != JsonValueKind.Object)
        {
            report.Refuse(at.Dot("input_schema"), "must be a JSON schema: an object.");
        }
        else
        {
            Start();
            to.WriteStartObject();
            to.WriteString("type"u8, "function"u8);
            to.WriteStartObject("function"u8);
            to.CopyField(tool, "name"u8);
            to.CopyField(tool, "description"u8);
            to.WriteRaw("parameters"u8, schema);
            if (tool.TryGet("strict"u8, out var strict) && strict.ValueKind == JsonValueKind.True)
            {
                to.WriteBoolean("strict"u8, AnthropicOpenAiFormat.IsStrict(schema));
            }

            to.WriteEndObject();
            to.WriteEndObject();
            DropExtras(tool);
        }
    }

    private void DropExtras(JsonElement tool)
    {
        if (tool.TryGet("cache_control"u8, out _))
        {
            report.Drop("cache_control");
        }

        if (tool.TryGet("input_examples"u8, out _))
        {
            report.Drop("tools.input_examples");
        }
    }

    /// <summary>Without a tool that the provider runs the answer is poorer; a tool of the client's that only Claude knows cannot be described to others.</summary>
    private void DropOrRefuse(JsonElement type, Place at)
    {
        var name = type.ValueKind == JsonValueKind.String ? type.GetString()! : "";
        foreach (var (start, dropped) in RunByProvider)
        {
            if (name.StartsWith(start, StringComparison.Ordinal))
            {
                report.Drop(dropped);
                return;
            }
        }

        report.Refuse(at.Dot("type"), "is a tool that only Claude knows. Define it with name and input_schema, or ask for a model that only Anthropic serves.");
    }

    private void Start()
    {
        if (!_any)
        {
            to.WriteStartArray("tools"u8);
            _any = true;
        }
    }

    private void WriteChoice(JsonElement choice)
    {
        if (!_any)
        {
            RefuseChoiceWithoutTools(choice);
            return;
        }

        if (choice.Has("type"u8, "auto"u8))
        {
            to.WriteString("tool_choice"u8, "auto"u8);
        }
        else if (choice.Has("type"u8, "any"u8))
        {
            to.WriteString("tool_choice"u8, "required"u8);
        }
        else if (choice.Has("type"u8, "none"u8))
        {
            to.WriteString("tool_choice"u8, "none"u8);
        }
        else if (choice.Has("type"u8, "tool"u8) && choice.TryGetText("name"u8, out _))
        {
            to.WriteStartObject("tool_choice"u8);
            to.WriteString("type"u8, "function"u8);
            to.WriteStartObject("function"u8);
            to.CopyField(choice, "name"u8);
            to.WriteEndObject();
            to.WriteEndObject();
        }
        else
        {
            report.Refuse("tool_choice", "must be {\"type\":\"auto\"}, any, none, or tool with a name.");
        }

        if (choice.TryGet("disable_parallel_tool_use"u8, out var one) && one.ValueKind == JsonValueKind.True)
        {
            to.WriteBoolean("parallel_tool_calls"u8, false);
        }
    }

    private void RefuseChoiceWithoutTools(JsonElement choice)
    {
        if (!choice.Has("type"u8, "auto"u8) && !choice.Has("type"u8, "none"u8))
        {
            report.Refuse("tool_choice", "asks for a tool, and none of the tools can be carried to another provider.");
        }
    }
}
