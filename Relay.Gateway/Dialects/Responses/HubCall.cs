using System.Text.Json;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Gateway.Dialects.Responses;

/// <summary>One element of tool_calls, whole or a delta of one: where its pieces stand.</summary>
internal struct HubCall
{
    /// <summary>Which call it is; a whole message does not say, there it is the place in the list.</summary>
    public int Index;

    /// <summary>id, a string.</summary>
    public JsonSlice Id;

    /// <summary>function.name, a string.</summary>
    public JsonSlice Name;

    /// <summary>function.arguments, a string.</summary>
    public JsonSlice Arguments;

    /// <summary>extra_content, an object.</summary>
    public JsonSlice Extra;

    /// <summary>Reads the element that the reader stands on the start of.</summary>
    /// <param name="json">The reader.</param>
    /// <param name="place">Its place in the list.</param>
    public static HubCall Read(ref Utf8JsonReader json, int place)
    {
        var call = new HubCall { Index = place };
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.TextIs("index"u8))
            {
                json.Read();
                call.Index = json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var index) ? index : place;
                json.Skip();
            }
            else if (json.TextIs("id"u8))
            {
                json.Read();
                call.Id = JsonSlice.Text(ref json);
            }
            else if (json.TextIs("function"u8))
            {
                json.Read();
                call.ReadFunction(ref json);
            }
            else
            {
                var isExtra = json.TextIs("extra_content"u8);
                json.Read();
                call.Extra = isExtra ? JsonSlice.Object(ref json) : call.Extra;
                json.Skip();
            }
        }

        return call;
    }

    private void ReadFunction(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isName = json.TextIs("name"u8);
            var isArguments = json.TextIs("arguments"u8);
            json.Read();
            var text = JsonSlice.Text(ref json);
            Name = isName ? text : Name;
            Arguments = isArguments ? text : Arguments;
        }
    }
}
