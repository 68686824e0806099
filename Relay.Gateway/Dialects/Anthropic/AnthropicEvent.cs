using System.Text.Json;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>Kinds of events of a Messages stream.</summary>
internal enum AnthropicEventType
{
    /// <summary>Ping, or one that is unknown today: nothing to do.</summary>
    Other,

    /// <summary>The message begins: id, model, first usage.</summary>
    MessageStart,

    /// <summary>A block begins.</summary>
    BlockStart,

    /// <summary>A piece of a block.</summary>
    BlockDelta,

    /// <summary>A block is complete.</summary>
    BlockStop,

    /// <summary>Stop reason and usage.</summary>
    MessageDelta,

    /// <summary>The message is complete.</summary>
    MessageStop,

    /// <summary>The provider failed.</summary>
    Error,
}

/// <summary>One event of a Messages stream (https://platform.claude.com/docs/en/build-with-claude/streaming). Its strings are as they stand in the data: escapes and all.</summary>
internal ref struct AnthropicEvent
{
    /// <summary>What it is.</summary>
    public AnthropicEventType Type;

    /// <summary>The index of its block.</summary>
    public int Index;

    /// <summary>The type of its delta, of its block, or of its error.</summary>
    public ReadOnlySpan<byte> Kind;

    /// <summary>text, thinking, partial_json or data of its delta or block; the message of its error.</summary>
    public ReadOnlySpan<byte> Text;

    /// <summary>The signature of its thinking.</summary>
    public ReadOnlySpan<byte> Signature;

    /// <summary>The id of its message or tool call.</summary>
    public ReadOnlySpan<byte> Id;

    /// <summary>The name of its tool, or its model.</summary>
    public ReadOnlySpan<byte> Name;

    /// <summary>The JSON of its tool's input.</summary>
    public ReadOnlySpan<byte> Input;

    /// <summary>Why the message ended.</summary>
    public ReadOnlySpan<byte> StopReason;

    /// <summary>What a refusal says of itself.</summary>
    public ReadOnlySpan<byte> Explanation;

    /// <summary>Reads an event; false when it is no JSON object.</summary>
    /// <param name="name">The event's name, for data without a type.</param>
    /// <param name="data">Its data.</param>
    /// <param name="usage">Takes in what the event tells of usage.</param>
    /// <param name="found">The event.</param>
    public static bool TryRead(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, scoped ref AnthropicUsage usage, out AnthropicEvent found)
    {
        found = default;
        var read = default(AnthropicEvent);
        read.Type = TypeOf(name);
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

    private void ReadMember(scoped ref Utf8JsonReader json, ReadOnlySpan<byte> data, scoped ref AnthropicUsage usage)
    {
        if (json.TextIs("type"u8))
        {
            Type = TypeOf(ReadText(ref json));
        }
        else if (json.TextIs("index"u8))
        {
            json.Read();
            Index = json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var index) ? index : 0;
            json.Skip();
        }
        else if (json.TextIs("delta"u8) || json.TextIs("content_block"u8) || json.TextIs("message"u8) || json.TextIs("error"u8))
        {
            json.Read();
            ReadPart(ref json, data, ref usage);
        }
        else if (json.TextIs("usage"u8))
        {
            json.Read();
            usage.ReadAnthropic(ref json);
        }
        else
        {
            json.Read();
            json.Skip();
        }
    }

    /// <summary>The objects inside an event have names that do not clash, so that one reading serves them all.</summary>
    private void ReadPart(scoped ref Utf8JsonReader json, ReadOnlySpan<byte> data, scoped ref AnthropicUsage usage)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.TextIs("type"u8))
            {
                Kind = ReadText(ref json);
            }
            else if (json.TextIs("text"u8) || json.TextIs("thinking"u8) || json.TextIs("partial_json"u8) || json.TextIs("data"u8) || json.TextIs("message"u8))
            {
                Text = ReadText(ref json);
            }
            else if (json.TextIs("signature"u8))
            {
                Signature = ReadText(ref json);
            }
            else if (json.TextIs("id"u8))
            {
                Id = ReadText(ref json);
            }
            else if (json.TextIs("name"u8) || json.TextIs("model"u8))
            {
                Name = ReadText(ref json);
            }
            else if (json.TextIs("stop_reason"u8))
            {
                StopReason = ReadText(ref json);
            }
            else if (json.TextIs("input"u8))
            {
                Input = ReadRaw(ref json, data);
            }
            else if (json.TextIs("stop_details"u8))
            {
                json.Read();
                ReadExplanation(ref json);
            }
            else if (json.TextIs("usage"u8))
            {
                json.Read();
                usage.ReadAnthropic(ref json);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
    }

    private void ReadExplanation(scoped ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.TextIs("explanation"u8))
            {
                Explanation = ReadText(ref json);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
    }

    private static ReadOnlySpan<byte> ReadText(scoped ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String)
        {
            return json.ValueSpan;
        }

        json.Skip();
        return default;
    }

    private static ReadOnlySpan<byte> ReadRaw(scoped ref Utf8JsonReader json, ReadOnlySpan<byte> data)
    {
        json.Read();
        var start = (int)json.TokenStartIndex;
        json.Skip();
        return data[start..(int)json.BytesConsumed];
    }

    private static AnthropicEventType TypeOf(ReadOnlySpan<byte> type) =>
        type.SequenceEqual("content_block_delta"u8) ? AnthropicEventType.BlockDelta
        : type.SequenceEqual("content_block_start"u8) ? AnthropicEventType.BlockStart
        : type.SequenceEqual("content_block_stop"u8) ? AnthropicEventType.BlockStop
        : type.SequenceEqual("message_start"u8) ? AnthropicEventType.MessageStart
        : type.SequenceEqual("message_delta"u8) ? AnthropicEventType.MessageDelta
        : type.SequenceEqual("message_stop"u8) ? AnthropicEventType.MessageStop
        : type.SequenceEqual("error"u8) ? AnthropicEventType.Error
        : AnthropicEventType.Other;
}
