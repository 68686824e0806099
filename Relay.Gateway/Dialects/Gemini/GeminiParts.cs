using System.Text;
using System.Text.Json;

namespace Relay.Gateway.Dialects.Gemini;

/// <summary>Writes the parts of contents (https://ai.google.dev/api/caching#Part) from OpenAI's content: a string or an array of parts. Empty text makes no part.</summary>
internal sealed class GeminiParts(Utf8JsonWriter json, DroppedFields dropped)
{
    /// <summary>Is there content that makes at least one part? Content of a wrong type counts: it is refused when it is written.</summary>
    public static bool SaysSomething(Field content)
    {
        if (content.Kind == JsonValueKind.String)
        {
            return content.Raw.Length > 2;
        }

        for (var i = 0; i < content.Count; i++)
        {
            if (content[i]["text"] is not { Kind: JsonValueKind.String, Raw.Length: 2 })
            {
                return true;
            }
        }

        return content.IsPresent && content.Kind != JsonValueKind.Array;
    }

    /// <summary>Writes everything that a user may send.</summary>
    public void Write(Field content)
    {
        if (content.Kind == JsonValueKind.String)
        {
            WriteText(content, default);
            return;
        }

        content = Parts(content);
        for (var i = 0; i < content.Count; i++)
        {
            WritePart(content[i].Object());
        }
    }

    /// <summary>Writes content that can be nothing but text: a system message.</summary>
    public void WriteTexts(Field content) => WriteSigned(content, default);

    /// <summary>Writes an assistant's content, with a signature on the last part.</summary>
    /// <param name="content">A string, an array of text and refusal parts, or absent.</param>
    /// <param name="signature">The signature; undefined for none.</param>
    public void WriteSigned(Field content, JsonElement signature)
    {
        if (content.Kind == JsonValueKind.String || !content.IsPresent)
        {
            WriteText(content, signature);
            return;
        }

        content = Parts(content);
        for (var i = 0; i < content.Count; i++)
        {
            var text = TextOf(content[i].Object());
            var isLast = i == content.Count - 1;
            if (text.Raw.Length > 2 || isLast)
            {
                WriteText(text, isLast ? signature : default);
            }
        }
    }

    /// <summary>Writes response, and parts for images, of a tool's result. A result that is a JSON object goes as that, any other text as its member output, or error when the tool failed.</summary>
    public void WriteResult(Field content, bool failed)
    {
        var text = content.Kind == JsonValueKind.String ? content.Text() : JoinTexts(content);
        var bytes = Encoding.UTF8.GetBytes(text);
        if (!failed && text.AsSpan().TrimStart().StartsWith('{') && GeminiArguments.IsObject(bytes))
        {
            json.WritePropertyName("response"u8);
            json.WriteRawValue(bytes, skipInputValidation: true);
        }
        else
        {
            json.WriteStartObject("response"u8);
            json.WriteString(failed ? "error"u8 : "output"u8, bytes);
            json.WriteEndObject();
        }

        WriteResultImages(content);
    }

    private static Field Parts(Field content) => content.Kind == JsonValueKind.Array ? content : throw content.Wrong("a string or an array of parts");

    private static Field TextOf(Field part)
    {
        var type = part["type"];
        return type.Text() switch
        {
            "text" => part["text"].String(),
            "refusal" => part["refusal"].String(),
            _ => throw type.Refuse("must be \"text\" in a message of this role."),
        };
    }

    private void WritePart(Field part)
    {
        var type = part["type"];
        switch (type.Text())
        {
            case "text":
                if (part["text"].String().Raw.Length > 2)
                {
                    WriteText(part["text"], default);
                }

                break;
            case "image_url":
                GeminiMedia.WriteImage(part, json, dropped);
                break;
            case "input_audio":
                GeminiMedia.WriteAudio(part, json);
                break;
            case "file":
                GeminiMedia.WriteFile(part, json);
                break;
            default:
                throw type.Refuse("must be text, image_url, input_audio or file at a Gemini target.");
        }
    }

    private void WriteText(Field text, JsonElement signature)
    {
        json.WriteStartObject();
        if (text.IsPresent)
        {
            text.CopyTo(json, "text"u8);
        }
        else
        {
            json.WriteString("text"u8, ""u8);
        }

        if (signature.ValueKind != JsonValueKind.Undefined)
        {
            new Field(signature, default).CopyTo(json, "thoughtSignature"u8);
        }

        json.WriteEndObject();
    }

    private static string JoinTexts(Field content)
    {
        if (!content.IsPresent)
        {
            return "";
        }

        content = Parts(content);
        var text = new StringBuilder();
        for (var i = 0; i < content.Count; i++)
        {
            if (content[i].Object()["type"].Text() != "image_url")
            {
                text.Append(text.Length > 0 ? "\n" : "").Append(TextOf(content[i]).Text());
            }
        }

        return text.ToString();
    }

    private void WriteResultImages(Field content)
    {
        var any = false;
        for (var i = 0; i < content.Count; i++)
        {
            if (content[i]["type"].Text() != "image_url")
            {
                continue;
            }

            if (!any)
            {
                json.WriteStartArray("parts"u8);
                any = true;
            }

            GeminiMedia.WriteInlineImage(content[i], json);
        }

        if (any)
        {
            json.WriteEndArray();
        }
    }
}
