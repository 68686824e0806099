using System.Text.Json;

namespace Relay.Gateway.Dialects.Responses;

/// <summary>Writes tools, tool_choice and parallel_tool_calls. Only functions are carried: everything else OpenAI itself would run.</summary>
internal static class ResponsesTools
{
    /// <summary>Writes the members that the request has.</summary>
    public static void Write(Field request, Utf8JsonWriter json)
    {
        var tools = request["tools"];
        if (tools.IsPresent && tools.Array().Count > 0)
        {
            json.WriteStartArray("tools"u8);
            for (var i = 0; i < tools.Count; i++)
            {
                WriteTool(tools[i].Object(), json);
            }

            json.WriteEndArray();
        }

        WriteChoice(request["tool_choice"], tools.Count > 0, json);
        if (request["parallel_tool_calls"].Flag() is { } parallel && tools.Count > 0)
        {
            json.WriteBoolean("parallel_tool_calls"u8, parallel);
        }
    }

    private static void WriteTool(Field tool, Utf8JsonWriter json)
    {
        var type = tool["type"];
        if (type.Text() != "function")
        {
            throw type.Refuse("must be \"function\": built-in and custom tools run at OpenAI or need its stored state, and are not carried over. Describe what the tool does as a function.");
        }

        json.WriteStartObject();
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        tool["name"].String().CopyTo(json, "name"u8);
        if (tool["description"] is { IsPresent: true } description)
        {
            description.String().CopyTo(json, "description"u8);
        }

        if (tool["parameters"] is { IsPresent: true } parameters)
        {
            parameters.Object().CopyTo(json, "parameters"u8);
        }

        if (tool["strict"].Flag() is { } strict)
        {
            json.WriteBoolean("strict"u8, strict);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteChoice(Field choice, bool hasTools, Utf8JsonWriter json)
    {
        if (choice.Kind == JsonValueKind.String)
        {
            if (choice.Text() is not ("none" or "auto" or "required"))
            {
                throw choice.Refuse("must be \"none\", \"auto\", \"required\" or an object that names a function.");
            }

            if (hasTools)
            {
                choice.CopyTo(json, "tool_choice"u8);
            }

            return;
        }

        if (!choice.IsPresent)
        {
            return;
        }

        var type = choice.Object()["type"];
        json.WriteStartObject("tool_choice"u8);
        switch (type.Text())
        {
            case "function":
                WriteFunctionName(choice, json);
                break;
            case "allowed_tools":
                WriteAllowed(choice, json);
                break;
            default:
                throw type.Refuse("must be \"function\" or \"allowed_tools\": other tools are not carried over.");
        }

        json.WriteEndObject();
    }

    private static void WriteAllowed(Field choice, Utf8JsonWriter json)
    {
        json.WriteString("type"u8, "allowed_tools"u8);
        json.WriteStartObject("allowed_tools"u8);
        choice["mode"].String().CopyTo(json, "mode"u8);
        json.WriteStartArray("tools"u8);
        var tools = choice["tools"].Array();
        for (var i = 0; i < tools.Count; i++)
        {
            var type = tools[i].Object()["type"];
            if (type.Text() != "function")
            {
                throw type.Refuse("must be \"function\": other tools are not carried over.");
            }

            json.WriteStartObject();
            WriteFunctionName(tools[i], json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteFunctionName(Field owner, Utf8JsonWriter json)
    {
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        owner["name"].String().CopyTo(json, "name"u8);
        json.WriteEndObject();
    }
}
