using System.Text.Json;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>One element of a chunk's tool_calls: the begin of a call, a piece of its arguments, or both.</summary>
internal ref struct ChatCallPiece
{
    /// <summary>Which call, or null where a server does not say.</summary>
    public int? Index;

    /// <summary>The id; at the begin.</summary>
    public ReadOnlySpan<byte> Id;

    /// <summary>The tool; at the begin.</summary>
    public ReadOnlySpan<byte> Name;

    /// <summary>A piece of the arguments.</summary>
    public ReadOnlySpan<byte> Arguments;

    /// <summary>Reads the next element; false at the end.</summary>
    /// <param name="json">Stands on the array or an element before.</param>
    /// <param name="found">The element.</param>
    public static bool TryRead(ref Utf8JsonReader json, out ChatCallPiece found)
    {
        found = default;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType == JsonTokenType.StartObject)
            {
                var read = default(ChatCallPiece);
                read.ReadMembers(ref json);
                found = read;
                return true;
            }

            json.Skip();
        }

        return false;
    }

    private void ReadMembers(scoped ref Utf8JsonReader json)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.TextIs("index"u8))
            {
                json.Read();
                Index = json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var index) ? index : null;
                json.Skip();
            }
            else if (json.TextIs("id"u8))
            {
                Id = ChatChunk.ReadText(ref json);
            }
            else if (json.TextIs("function"u8))
            {
                json.Read();
                ReadFunction(ref json);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
    }

    private void ReadFunction(scoped ref Utf8JsonReader json)
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
                Name = ChatChunk.ReadText(ref json);
            }
            else if (json.TextIs("arguments"u8))
            {
                Arguments = ChatChunk.ReadText(ref json);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
    }
}
