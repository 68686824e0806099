using System.Text.Json;
using Relay.Core.Cost;

namespace Relay.Gateway.Dialects.OpenAi;

/// <summary>What a plain (not streamed) 200 answer holds, as far as the relay cares.</summary>
/// <param name="Valid">It is a JSON object.</param>
/// <param name="HasContent">It has the member that makes it an answer: choices, or data for embeddings, as an array that is not empty.</param>
/// <param name="HasError">It is an error object under a 200.</param>
/// <param name="Usage">The usage, or null.</param>
internal readonly record struct AnswerScan(bool Valid, bool HasContent, bool HasError, Usage? Usage)
{
    /// <summary>Reads a whole body.</summary>
    /// <param name="body">The body.</param>
    /// <param name="content">The member that makes it an answer.</param>
    public static AnswerScan Read(ReadOnlySpan<byte> body, ReadOnlySpan<byte> content)
    {
        var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = RequestScanner.MaxDepth });
        bool hasContent = false, hasError = false;
        Usage? usage = null;
        try
        {
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            {
                return default;
            }

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isContent = json.TextIs(content);
                var isUsage = json.TextIs("usage"u8);
                var isError = json.TextIs("error"u8);
                json.Read();
                hasContent |= isContent && json.TokenType == JsonTokenType.StartArray && !IsEmptyArray(json);
                hasError |= isError && (json.TokenType is JsonTokenType.StartObject or JsonTokenType.String);
                if (isUsage && UsageReader.TryRead(ref json, out var read))
                {
                    usage = read;
                }

                // At an end of an object or array this does nothing.
                json.Skip();
            }

            json.Read();
            return new(true, hasContent, hasError, usage);
        }
        catch (JsonException)
        {
            return default;
        }
    }

    /// <summary>Takes the reader by value: the caller's stays where it is.</summary>
    private static bool IsEmptyArray(Utf8JsonReader json) => json.Read() && json.TokenType == JsonTokenType.EndArray;
}
