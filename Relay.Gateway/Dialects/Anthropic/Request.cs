using System.Buffers;
using System.Text.Json;
using Relay.Gateway.Errors;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>What both directions do around a request: parse it, write the other one, and turn everything that is wrong with it into an error.</summary>
internal static class Request
{
    /// <summary>Translates a request.</summary>
    /// <param name="body">The request; any bytes.</param>
    /// <param name="to">Receives the other one. Not to be sent after an error.</param>
    /// <param name="report">Holds the error that the translation found.</param>
    /// <param name="write">Writes it.</param>
    /// <returns>Null, or why the request cannot be carried over.</returns>
    public static RelayError? Translate(ReadOnlyMemory<byte> body, IBufferWriter<byte> to, RequestReport report, Action<JsonElement, Utf8JsonWriter> write)
    {
        try
        {
            using var document = JsonDocument.Parse(body, JsonFields.Reading);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                report.Refuse("body", "must be a JSON object.");
                return report.Error;
            }

            using var json = new Utf8JsonWriter(to, JsonFields.Writing);
            write(document.RootElement, json);
        }
        catch (JsonException)
        {
            report.Refuse("body", "is not valid JSON.");
        }
        catch (InvalidOperationException)
        {
            // Comparing or decoding a string that holds half of a surrogate pair.
            report.Refuse("body", "holds a broken escape sequence: half of a surrogate pair. Write the whole pair.");
        }

        return report.Error;
    }
}
