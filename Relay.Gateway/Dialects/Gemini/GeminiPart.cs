using System.Text.Json;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Gateway.Dialects.Gemini;

/// <summary>One part of a candidate's content (https://ai.google.dev/api/caching#Part): where its pieces stand.</summary>
internal struct GeminiPart
{
    /// <summary>text, a string.</summary>
    public JsonSlice Text;

    /// <summary>The text is shown reasoning.</summary>
    public bool IsThought;

    /// <summary>thoughtSignature, a string.</summary>
    public JsonSlice Signature;

    /// <summary>functionCall.name, a string; present when the part is a call.</summary>
    public JsonSlice CallName;

    /// <summary>functionCall.args, an object.</summary>
    public JsonSlice CallArguments;

    /// <summary>functionCall.id, a string.</summary>
    public JsonSlice CallId;

    /// <summary>inlineData.mimeType, a string.</summary>
    public JsonSlice MimeType;

    /// <summary>inlineData.data, a string in base64.</summary>
    public JsonSlice Data;

    /// <summary>Reads the part that the reader stands on the start of.</summary>
    public static GeminiPart Read(ref Utf8JsonReader json)
    {
        var part = default(GeminiPart);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.TextIs("text"u8))
            {
                json.Read();
                part.Text = JsonSlice.Text(ref json);
            }
            else if (json.TextIs("thought"u8))
            {
                json.Read();
                part.IsThought = json.TokenType == JsonTokenType.True;
                json.Skip();
            }
            else if (json.TextIs("thoughtSignature"u8))
            {
                json.Read();
                part.Signature = JsonSlice.Text(ref json);
            }
            else if (json.TextIs("functionCall"u8))
            {
                json.Read();
                part.ReadCall(ref json);
            }
            else if (json.TextIs("inlineData"u8))
            {
                json.Read();
                part.ReadInlineData(ref json);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        return part;
    }

    private void ReadCall(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.TextIs("name"u8))
            {
                json.Read();
                CallName = JsonSlice.Text(ref json);
            }
            else if (json.TextIs("args"u8))
            {
                json.Read();
                CallArguments = JsonSlice.Object(ref json);
            }
            else if (json.TextIs("id"u8))
            {
                json.Read();
                CallId = JsonSlice.Text(ref json);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
    }

    private void ReadInlineData(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isType = json.TextIs("mimeType"u8);
            var isData = json.TextIs("data"u8);
            json.Read();
            var value = JsonSlice.Text(ref json);
            MimeType = isType ? value : MimeType;
            Data = isData ? value : Data;
        }
    }
}
