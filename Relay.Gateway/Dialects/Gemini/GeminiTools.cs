using System.Text.Json;

namespace Relay.Gateway.Dialects.Gemini;

/// <summary>
/// Writes tools and toolConfig (https://ai.google.dev/api/caching#Tool). Parameters go as parametersJsonSchema, which takes JSON Schema
/// as it is; Gemini passes over the keywords that it does not know.
/// </summary>
internal static class GeminiTools
{
    /// <summary>Writes both members, when there are tools.</summary>
    public static void Write(Field chat, Utf8JsonWriter json, DroppedFields dropped)
    {
        var tools = chat["tools"];
        var functions = chat["functions"];
        if (tools.IsPresent)
        {
            tools.Array();
        }

        if (functions.IsPresent)
        {
            functions.Array();
        }

        var choice = GeminiToolChoice.Read(chat);
        if (tools.Count + functions.Count > 0)
        {
            json.WriteStartArray("tools"u8);
            json.WriteStartObject();
            json.WriteStartArray("functionDeclarations"u8);
            for (var i = 0; i < tools.Count; i++)
            {
                WriteFunction(Function(tools[i]), choice, json, dropped);
            }

            for (var i = 0; i < functions.Count; i++)
            {
                WriteFunction(functions[i].Object(), choice, json, dropped);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            choice.Write(json);
            NoteParallel(chat, dropped);
        }
    }

    private static Field Function(Field tool)
    {
        var type = tool.Object()["type"];
        return type.Text() == "function"
            ? tool["function"].Object()
            : throw type.Refuse("must be \"function\": no other tools are carried to a Gemini target. Describe it as a function, or use a target that speaks OpenAI.");
    }

    private static void WriteFunction(Field function, GeminiToolChoice choice, Utf8JsonWriter json, DroppedFields dropped)
    {
        var name = function["name"];
        if (!choice.Allows(name.Text()))
        {
            return;
        }

        json.WriteStartObject();
        name.CopyTo(json, "name"u8);
        if (function["description"] is { IsPresent: true } description)
        {
            description.String().CopyTo(json, "description"u8);
        }

        if (function["parameters"] is { IsPresent: true } parameters)
        {
            parameters.Object().CopyTo(json, "parametersJsonSchema"u8);
        }

        if (function["strict"].Flag() == true)
        {
            dropped.Add("tools.function.strict");
        }

        json.WriteEndObject();
    }

    private static void NoteParallel(Field chat, DroppedFields dropped)
    {
        if (chat["parallel_tool_calls"].Flag() == false)
        {
            dropped.Add("parallel_tool_calls");
        }
    }
}
