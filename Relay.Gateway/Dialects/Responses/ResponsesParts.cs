using System.Text.Json;

namespace Relay.Gateway.Dialects.Responses;

/// <summary>Writes content parts in the form that chat completions have for them.</summary>
internal static class ResponsesParts
{
    /// <summary>Writes a member from a string or an array of parts.</summary>
    public static void Write(Field content, ReadOnlySpan<byte> name, Utf8JsonWriter json, DroppedFields dropped)
    {
        if (content.Kind == JsonValueKind.String)
        {
            content.CopyTo(json, name);
            return;
        }

        if (content.Kind != JsonValueKind.Array)
        {
            throw content.Wrong("a string or an array of parts");
        }

        json.WriteStartArray(name);
        for (var i = 0; i < content.Count; i++)
        {
            json.WriteStartObject();
            WritePart(content[i], json, dropped);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes the members of a part.</summary>
    public static void WritePart(Field part, Utf8JsonWriter json, DroppedFields dropped)
    {
        var type = part.Object()["type"];
        switch (type.Text())
        {
            case "input_text" or "text" or "output_text":
                json.WriteString("type"u8, "text"u8);
                part["text"].String().CopyTo(json, "text"u8);
                break;
            case "input_image":
                WriteImage(part, json, dropped);
                break;
            case "input_file":
                WriteFile(part, json);
                break;
            case "input_audio":
                json.WriteString("type"u8, "input_audio"u8);
                part["input_audio"].Object().CopyTo(json, "input_audio"u8);
                break;
            default:
                throw type.Refuse("must be input_text, input_image, input_file or input_audio.");
        }
    }

    private static void WriteImage(Field part, Utf8JsonWriter json, DroppedFields dropped)
    {
        var url = part["image_url"];
        if (!url.IsPresent)
        {
            throw (part["file_id"].IsPresent ? part["file_id"] : url).Refuse("must be an image in \"image_url\", as a URL or a data URL: Relay stores no files.");
        }

        json.WriteString("type"u8, "image_url"u8);
        json.WriteStartObject("image_url"u8);
        url.String().CopyTo(json, "url"u8);
        if (part["detail"].OptionalText() is { } detail)
        {
            if (detail == "original")
            {
                // Chat completions go up to high.
                dropped.Add("input.content.detail");
                detail = "high";
            }

            json.WriteString("detail"u8, detail);
        }

        json.WriteEndObject();
    }

    private static void WriteFile(Field part, Utf8JsonWriter json)
    {
        var data = part["file_data"];
        if (!data.IsPresent)
        {
            var other = part["file_url"].IsPresent ? part["file_url"] : part["file_id"].IsPresent ? part["file_id"] : data;
            throw other.Refuse("must be a file in \"file_data\", as a data URL: Relay stores no files, and chat completions take none by URL.");
        }

        json.WriteString("type"u8, "file"u8);
        json.WriteStartObject("file"u8);
        if (part["filename"] is { IsPresent: true } name)
        {
            name.String().CopyTo(json, "filename"u8);
        }

        data.String().CopyTo(json, "file_data"u8);
        json.WriteEndObject();
    }
}
