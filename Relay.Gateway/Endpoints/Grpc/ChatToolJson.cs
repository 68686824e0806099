using System.Globalization;
using System.Text;
using System.Text.Json;
using Relay.Gateway.Dialects;
using Relay.Gateway.Dialects.OpenAi;
using Relay.V1;

namespace Relay.Gateway.Endpoints.Grpc;

/// <summary>Writes what a typed request says about tools and about the form of its answer.</summary>
internal static class ChatToolJson
{
    /// <summary>Writes it.</summary>
    public static void Write(Utf8JsonWriter json, ChatRequest request)
    {
        if (request.Tools.Count > 0)
        {
            json.WriteStartArray("tools"u8);
            for (var i = 0; i < request.Tools.Count; i++)
            {
                WriteTool(json, request.Tools[i], string.Create(CultureInfo.InvariantCulture, $"tools[{i}]"));
            }

            json.WriteEndArray();
        }

        if (request.ToolChoice is { } choice)
        {
            WriteChoice(json, choice);
        }

        if (request.HasParallelToolCalls)
        {
            json.WriteBoolean("parallel_tool_calls"u8, request.ParallelToolCalls);
        }

        if (request.ResponseFormat is { } format)
        {
            WriteFormat(json, format);
        }
    }

    private static void WriteTool(Utf8JsonWriter json, Tool tool, string place)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, Needed(tool.Name, place + ".name"));
        WriteText(json, "description"u8, tool.HasDescription, tool.Description);
        WriteObject(json, "parameters"u8, tool.ParametersJson, place + ".parameters_json");
        if (tool.HasStrict)
        {
            json.WriteBoolean("strict"u8, tool.Strict);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter json, ToolChoice choice)
    {
        if (choice.ChoiceCase == ToolChoice.ChoiceOneofCase.Function)
        {
            json.WriteStartObject("tool_choice"u8);
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, Needed(choice.Function, "tool_choice.function"));
            json.WriteEndObject();
            json.WriteEndObject();
            return;
        }

        json.WriteString("tool_choice"u8, choice.Mode switch
        {
            ToolChoice.Types.Mode.Unspecified or ToolChoice.Types.Mode.Auto => "auto",
            ToolChoice.Types.Mode.None => "none",
            ToolChoice.Types.Mode.Required => "required",
            _ => throw new RefusedException("tool_choice.mode", "\"tool_choice.mode\" must be MODE_AUTO, MODE_NONE or MODE_REQUIRED."),
        });
    }

    private static void WriteFormat(Utf8JsonWriter json, ResponseFormat format)
    {
        var isSchema = format.Type == ResponseFormat.Types.Type.JsonSchema;
        if (isSchema != format.JsonSchema is not null)
        {
            throw new RefusedException("response_format.json_schema", isSchema
                ? "\"response_format.json_schema\" is needed with TYPE_JSON_SCHEMA."
                : "\"response_format.json_schema\" goes with TYPE_JSON_SCHEMA only. Set the type, or leave the schema out.");
        }

        json.WriteStartObject("response_format"u8);
        json.WriteString("type"u8, format.Type switch
        {
            ResponseFormat.Types.Type.Unspecified or ResponseFormat.Types.Type.Text => "text",
            ResponseFormat.Types.Type.JsonObject => "json_object",
            ResponseFormat.Types.Type.JsonSchema => "json_schema",
            _ => throw new RefusedException("response_format.type", "\"response_format.type\" must be TYPE_TEXT, TYPE_JSON_OBJECT or TYPE_JSON_SCHEMA."),
        });
        if (format.JsonSchema is { } schema)
        {
            json.WriteStartObject("json_schema"u8);
            json.WriteString("name"u8, Needed(schema.Name, "response_format.json_schema.name"));
            WriteText(json, "description"u8, schema.HasDescription, schema.Description);
            WriteObject(json, "schema"u8, schema.SchemaJson, "response_format.json_schema.schema_json");
            if (schema.HasStrict)
            {
                json.WriteBoolean("strict"u8, schema.Strict);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>Passes a JSON object on as it is, with its order of properties; an empty text is none.</summary>
    private static void WriteObject(Utf8JsonWriter json, ReadOnlySpan<byte> name, string text, string param)
    {
        if (text.Length == 0)
        {
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        if (!IsObject(bytes))
        {
            throw new RefusedException(param, $"\"{param}\" must be a JSON object, as text.");
        }

        json.WritePropertyName(name);
        json.WriteRawValue(bytes, skipInputValidation: true);
    }

    private static bool IsObject(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = RequestScanner.MaxDepth });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            reader.Skip();
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, bool isSet, string text)
    {
        if (isSet)
        {
            json.WriteString(name, text);
        }
    }

    private static string Needed(string text, string param) => text.Length > 0 ? text : throw new RefusedException(param, $"\"{param}\" is needed.");
}
