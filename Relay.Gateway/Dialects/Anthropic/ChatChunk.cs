using System.Text.Json;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>One chat.completion.chunk. Its strings are as they stand in the data: escapes and all. Of its choices the first is read; no other was asked for.</summary>
internal ref struct ChatChunk
{
    /// <summary>The id of the answer.</summary>
    public ReadOnlySpan<byte> Id;

    /// <summary>Its model.</summary>
    public ReadOnlySpan<byte> Model;

    /// <summary>A piece of text.</summary>
    public ReadOnlySpan<byte> Content;

    /// <summary>A piece of reasoning.</summary>
    public ReadOnlySpan<byte> Reasoning;

    /// <summary>A piece of a refusal.</summary>
    public ReadOnlySpan<byte> Refusal;

    /// <summary>JSON of its tool_calls, or empty.</summary>
    public ReadOnlySpan<byte> Calls;

    /// <summary>JSON of its thinking_blocks, or empty.</summary>
    public ReadOnlySpan<byte> ThinkingBlocks;

    /// <summary>Why the answer ended.</summary>
    public ReadOnlySpan<byte> Finish;

    /// <summary>It is an error instead.</summary>
    public bool IsError;

    /// <summary>The message of the error.</summary>
    public ReadOnlySpan<byte> ErrorMessage;

    /// <summary>The type of the error.</summary>
    public ReadOnlySpan<byte> ErrorType;

    /// <summary>The code of the error.</summary>
    public ReadOnlySpan<byte> ErrorCode;

    /// <summary>Reads a chunk; false when it is no JSON object.</summary>
    /// <param name="data">Its data.</param>
    /// <param name="usage">Takes in its usage.</param>
    /// <param name="found">The chunk.</param>
    public static bool TryRead(ReadOnlySpan<byte> data, ref AnthropicUsage usage, out ChatChunk found)
    {
        found = default;
        var read = default(ChatChunk);
        var json = new Utf8JsonReader(data, new JsonReaderOptions { MaxDepth = RequestScanner.MaxDepth });
        try
        {
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                read.ReadMember(ref json, data, ref usage);
            }

            found = read;
            return !json.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Reads the value behind a name as text; empty when it is none. The reader then stands at its end.</summary>
    public static ReadOnlySpan<byte> ReadText(scoped ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String)
        {
            return json.ValueSpan;
        }

        json.Skip();
        return default;
    }

    private void ReadMember(scoped ref Utf8JsonReader json, ReadOnlySpan<byte> data, scoped ref AnthropicUsage usage)
    {
        if (json.TextIs("choices"u8))
        {
            json.Read();
            ReadChoices(ref json, data);
        }
        else if (json.TextIs("id"u8))
        {
            Id = ReadText(ref json);
        }
        else if (json.TextIs("model"u8))
        {
            Model = ReadText(ref json);
        }
        else if (json.TextIs("usage"u8))
        {
            json.Read();
            usage.ReadChat(ref json);
        }
        else if (json.TextIs("error"u8))
        {
            json.Read();
            ReadError(ref json);
        }
        else
        {
            json.Read();
            json.Skip();
        }
    }

    private void ReadChoices(scoped ref Utf8JsonReader json, ReadOnlySpan<byte> data)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return;
        }

        var isFirst = true;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (isFirst && json.TokenType == JsonTokenType.StartObject)
            {
                ReadChoice(ref json, data);
            }

            isFirst = false;
            json.Skip();
        }
    }

    private void ReadChoice(scoped ref Utf8JsonReader json, ReadOnlySpan<byte> data)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.TextIs("finish_reason"u8))
            {
                Finish = ReadText(ref json);
            }
            else if (json.TextIs("delta"u8) || json.TextIs("message"u8))
            {
                json.Read();
                ReadDelta(ref json, data);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
    }

    private void ReadDelta(scoped ref Utf8JsonReader json, ReadOnlySpan<byte> data)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.TextIs("content"u8))
            {
                Content = ReadText(ref json);
            }
            else if (json.TextIs("reasoning_content"u8) || json.TextIs("reasoning"u8))
            {
                // Servers that send both names send the same text in each.
                Reasoning = ReadText(ref json);
            }
            else if (json.TextIs("refusal"u8))
            {
                Refusal = ReadText(ref json);
            }
            else if (json.TextIs("tool_calls"u8))
            {
                Calls = ReadArray(ref json, data);
            }
            else if (json.TextIs("thinking_blocks"u8))
            {
                ThinkingBlocks = ReadArray(ref json, data);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
    }

    private void ReadError(scoped ref Utf8JsonReader json)
    {
        IsError = json.TokenType is JsonTokenType.StartObject or JsonTokenType.String;
        if (json.TokenType != JsonTokenType.StartObject)
        {
            ErrorMessage = json.TokenType == JsonTokenType.String ? json.ValueSpan : default;
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.TextIs("message"u8))
            {
                ErrorMessage = ReadText(ref json);
            }
            else if (json.TextIs("type"u8))
            {
                ErrorType = ReadText(ref json);
            }
            else if (json.TextIs("code"u8))
            {
                ErrorCode = ReadText(ref json);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
    }

    private static ReadOnlySpan<byte> ReadArray(scoped ref Utf8JsonReader json, ReadOnlySpan<byte> data)
    {
        json.Read();
        var start = (int)json.TokenStartIndex;
        var isArray = json.TokenType == JsonTokenType.StartArray;
        json.Skip();
        return isArray ? data[start..(int)json.BytesConsumed] : default;
    }
}
