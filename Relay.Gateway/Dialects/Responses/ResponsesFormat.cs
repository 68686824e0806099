using System.Text.Json;

namespace Relay.Gateway.Dialects.Responses;

/// <summary>Writes text.format as response_format, and text.verbosity as verbosity.</summary>
internal static class ResponsesFormat
{
    /// <summary>Writes the members that the request has.</summary>
    public static void Write(Field text, Utf8JsonWriter json)
    {
        if (!text.IsPresent)
        {
            return;
        }

        if (text.Object()["verbosity"] is { IsPresent: true } verbosity)
        {
            verbosity.String().CopyTo(json, "verbosity"u8);
        }

        var format = text["format"];
        if (!format.IsPresent)
        {
            return;
        }

        var type = format.Object()["type"];
        switch (type.Text())
        {
            case "text":
                break;
            case "json_object":
                json.WriteStartObject("response_format"u8);
                json.WriteString("type"u8, "json_object"u8);
                json.WriteEndObject();
                break;
            case "json_schema":
                WriteSchema(format, json);
                break;
            default:
                throw type.Refuse("must be \"text\", \"json_object\" or \"json_schema\".");
        }
    }

    private static void WriteSchema(Field format, Utf8JsonWriter json)
    {
        json.WriteStartObject("response_format"u8);
        json.WriteString("type"u8, "json_schema"u8);
        json.WriteStartObject("json_schema"u8);
        format["name"].String().CopyTo(json, "name"u8);
        if (format["description"] is { IsPresent: true } description)
        {
            description.String().CopyTo(json, "description"u8);
        }

        format["schema"].Object().CopyTo(json, "schema"u8);
        if (format["strict"].Flag() is { } strict)
        {
            json.WriteBoolean("strict"u8, strict);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
