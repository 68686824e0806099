using System.Text.Json;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Gateway.Telemetry.Tracing;

/// <summary>
/// The id and model that an answer names and why it ended, for spans. Reads OpenAI's answers and chunks, and Anthropic's answers and
/// events. Only for requests that are sampled.
/// </summary>
internal sealed class AnswerDetails
{
    private const int MaxChoices = 16;
    private const int MaxText = 200;

    private readonly string?[] _reasons = new string?[MaxChoices];
    private int _choices;

    /// <summary>The answer's id; at most 200 characters.</summary>
    public string? Id { get; private set; }

    /// <summary>The model that says it answered; at most 200 characters.</summary>
    public string? Model { get; private set; }

    /// <summary>Why each choice ended, in order; null when none has.</summary>
    public string[]? FinishReasons => _choices == 0 ? null : [.. _reasons[.._choices].Select(r => r ?? "")];

    /// <summary>Reads an answer, a chunk or an event. What is no JSON is passed over.</summary>
    public void Read(ReadOnlySpan<byte> data)
    {
        var json = new Utf8JsonReader(data, new JsonReaderOptions { MaxDepth = RequestScanner.MaxDepth });
        try
        {
            if (json.Read() && json.TokenType == JsonTokenType.StartObject)
            {
                ReadObject(ref json);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The relay itself judges what is broken.
        }
    }

    private void ReadObject(ref Utf8JsonReader json)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.TextIs("id"u8))
            {
                var id = Text(ref json);
                Id ??= id;
            }
            else if (json.TextIs("model"u8))
            {
                var model = Text(ref json);
                Model ??= model;
            }
            else if (json.TextIs("choices"u8))
            {
                ReadChoices(ref json);
            }
            else if (json.TextIs("stop_reason"u8))
            {
                SetReason(0, Text(ref json));
            }
            else if (json.TextIs("message"u8) || json.TextIs("delta"u8))
            {
                json.Read();
                if (json.TokenType == JsonTokenType.StartObject)
                {
                    ReadObject(ref json);
                }
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
    }

    private void ReadChoices(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType == JsonTokenType.StartObject)
            {
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
        var index = 0;
        string? reason = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.TextIs("index"u8))
            {
                json.Read();
                index = json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var i) ? i : 0;
            }
            else if (json.TextIs("finish_reason"u8))
            {
                reason = Text(ref json);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        SetReason(index, reason);
    }

    private void SetReason(int index, string? reason)
    {
        if (reason is not null && index is >= 0 and < MaxChoices)
        {
            _reasons[index] = reason;
            _choices = Math.Max(_choices, index + 1);
        }
    }

    private static string? Text(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String)
        {
            return json.ValueSpan.Length is > 0 and <= MaxText ? json.GetString() : null;
        }

        json.Skip();
        return null;
    }
}
