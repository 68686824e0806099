using System.Buffers;
using System.Text.Json;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Gateway.Dialects.Gemini;

/// <summary>Writes logprobsResult (https://ai.google.dev/api/generate-content#LogprobsResult) as OpenAI's logprobs object.</summary>
internal static class GeminiLogprobs
{
    /// <summary>Writes it; a step without a chosen candidate is left out.</summary>
    /// <param name="result">A JSON object.</param>
    /// <param name="to">Receives an object.</param>
    public static void Write(ReadOnlySpan<byte> result, IBufferWriter<byte> to)
    {
        var chosen = new List<Entry>();
        var top = new List<List<Entry>>();
        var json = new Utf8JsonReader(result, new JsonReaderOptions { MaxDepth = RequestScanner.MaxDepth });
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.TextIs("chosenCandidates"u8))
            {
                json.Read();
                ReadEntries(ref json, chosen);
            }
            else if (json.TextIs("topCandidates"u8))
            {
                json.Read();
                ReadTop(ref json, top);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        using var writer = new Utf8JsonWriter(to);
        writer.WriteStartObject();
        writer.WriteStartArray("content"u8);
        for (var i = 0; i < chosen.Count; i++)
        {
            writer.WriteStartObject();
            WriteEntry(chosen[i], result, writer);
            writer.WriteStartArray("top_logprobs"u8);
            foreach (var entry in i < top.Count ? top[i] : [])
            {
                writer.WriteStartObject();
                WriteEntry(entry, result, writer);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNull("refusal"u8);
        writer.WriteEndObject();
    }

    private static void ReadTop(ref Utf8JsonReader json, List<List<Entry>> top)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            var step = new List<Entry>();
            top.Add(step);
            if (json.TokenType != JsonTokenType.StartObject)
            {
                json.Skip();
                continue;
            }

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isList = json.TextIs("candidates"u8);
                json.Read();
                if (isList)
                {
                    ReadEntries(ref json, step);
                }

                json.Skip();
            }
        }
    }

    private static void ReadEntries(ref Utf8JsonReader json, List<Entry> entries)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject)
            {
                json.Skip();
                continue;
            }

            var entry = default(Entry);
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isToken = json.TextIs("token"u8);
                var isValue = json.TextIs("logProbability"u8);
                json.Read();
                entry = isToken ? entry with { Token = JsonSlice.Text(ref json) }
                    : isValue && json.TokenType == JsonTokenType.Number ? entry with { Value = JsonSlice.Value(ref json) }
                    : entry;
                json.Skip();
            }

            entries.Add(entry);
        }
    }

    private static void WriteEntry(in Entry entry, ReadOnlySpan<byte> data, Utf8JsonWriter json)
    {
        json.WritePropertyName("token"u8);
        json.WriteRawValue(entry.Token.IsPresent ? entry.Token.Of(data) : "\"\""u8, skipInputValidation: true);
        json.WritePropertyName("logprob"u8);
        json.WriteRawValue(entry.Value.IsPresent ? entry.Value.Of(data) : "0"u8, skipInputValidation: true);
        json.WriteNull("bytes"u8);
    }

    private readonly record struct Entry(JsonSlice Token, JsonSlice Value);
}
