using System.Text.Json;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Gateway.Dialects.Responses;

/// <summary>A chat.completion, or one chunk of a stream: where the pieces of its first choice stand. One instance reads all chunks of a stream and allocates for none of them.</summary>
internal sealed class HubReply
{
    /// <summary>id, a string.</summary>
    public JsonSlice Id { get; private set; }

    /// <summary>model, a string.</summary>
    public JsonSlice Model { get; private set; }

    /// <summary>created, in Unix seconds; 0 when it is missing.</summary>
    public long Created { get; private set; }

    /// <summary>It is an error object.</summary>
    public bool IsError { get; private set; }

    /// <summary>content of the message or delta, a string.</summary>
    public JsonSlice Content { get; private set; }

    /// <summary>reasoning_content, or reasoning as some servers call it, a string.</summary>
    public JsonSlice Reasoning { get; private set; }

    /// <summary>refusal, a string.</summary>
    public JsonSlice Refusal { get; private set; }

    /// <summary>thinking_blocks, an array.</summary>
    public JsonSlice ThinkingBlocks { get; private set; }

    /// <summary>extra_content, an object.</summary>
    public JsonSlice Extra { get; private set; }

    /// <summary>logprobs.content, an array.</summary>
    public JsonSlice Logprobs { get; private set; }

    /// <summary>tool_calls.</summary>
    public List<HubCall> Calls { get; } = [];

    /// <summary>Why the choice finished.</summary>
    public HubFinish Finish { get; private set; }

    /// <summary>usage, or null.</summary>
    public HubUsage? Usage { get; private set; }

    /// <summary>Reads it; false when it is no JSON object. Fields of an unexpected type are passed over.</summary>
    public bool TryRead(ReadOnlySpan<byte> data)
    {
        Calls.Clear();
        (Id, Model, Content, Reasoning, Refusal) = (default, default, default, default, default);
        (ThinkingBlocks, Extra, Logprobs) = (default, default, default);
        (Created, IsError, Finish, Usage) = (0, false, HubFinish.None, null);
        var json = new Utf8JsonReader(data, new JsonReaderOptions { MaxDepth = RequestScanner.MaxDepth });
        try
        {
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                ReadMember(ref json);
            }

            return !json.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void ReadMember(ref Utf8JsonReader json)
    {
        if (json.TextIs("choices"u8))
        {
            json.Read();
            ReadChoices(ref json);
        }
        else if (json.TextIs("usage"u8))
        {
            json.Read();
            Usage = HubUsage.Read(ref json) ?? Usage;
        }
        else if (json.TextIs("id"u8))
        {
            json.Read();
            Id = JsonSlice.Text(ref json);
        }
        else if (json.TextIs("model"u8))
        {
            json.Read();
            Model = JsonSlice.Text(ref json);
        }
        else if (json.TextIs("created"u8))
        {
            json.Read();
            Created = json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var created) ? created : 0;
            json.Skip();
        }
        else
        {
            var isError = json.TextIs("error"u8);
            json.Read();
            IsError |= isError && json.TokenType is JsonTokenType.StartObject or JsonTokenType.String;
            json.Skip();
        }
    }

    private void ReadChoices(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return;
        }

        // A Responses answer has one choice.
        var isFirst = true;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (isFirst && json.TokenType == JsonTokenType.StartObject)
            {
                isFirst = false;
                ReadChoice(ref json);
            }
            else
            {
                json.Skip();
            }
        }
    }

    private void ReadChoice(ref Utf8JsonReader json)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.TextIs("delta"u8) || json.TextIs("message"u8))
            {
                json.Read();
                ReadMessage(ref json);
            }
            else if (json.TextIs("finish_reason"u8))
            {
                json.Read();
                Finish = HubFinishReason.Read(ref json);
            }
            else if (json.TextIs("logprobs"u8))
            {
                json.Read();
                ReadLogprobs(ref json);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
    }

    private void ReadMessage(ref Utf8JsonReader json)
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
                json.Read();
                Content = JsonSlice.Text(ref json);
            }
            else if (json.TextIs("reasoning_content"u8) || json.TextIs("reasoning"u8))
            {
                json.Read();
                var text = JsonSlice.Text(ref json);
                Reasoning = text.IsPresent ? text : Reasoning;
            }
            else if (json.TextIs("refusal"u8))
            {
                json.Read();
                Refusal = JsonSlice.Text(ref json);
            }
            else if (json.TextIs("tool_calls"u8))
            {
                json.Read();
                ReadCalls(ref json);
            }
            else if (json.TextIs("thinking_blocks"u8))
            {
                json.Read();
                ThinkingBlocks = JsonSlice.Array(ref json);
            }
            else
            {
                var isExtra = json.TextIs("extra_content"u8);
                json.Read();
                Extra = isExtra ? JsonSlice.Object(ref json) : Extra;
                json.Skip();
            }
        }
    }

    private void ReadCalls(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType == JsonTokenType.StartObject)
            {
                Calls.Add(HubCall.Read(ref json, Calls.Count));
            }
            else
            {
                json.Skip();
            }
        }
    }

    private void ReadLogprobs(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isContent = json.TextIs("content"u8);
            json.Read();
            Logprobs = isContent ? JsonSlice.Array(ref json) : Logprobs;
            json.Skip();
        }
    }
}
