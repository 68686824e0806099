using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Relay.Core.Errors;
using Relay.Gateway.Errors;

namespace Relay.Gateway.Dialects.OpenAi;

/// <summary>Reads a request body in one pass. It checks what Relay itself needs and leaves everything else to the provider, unread and unchanged.</summary>
internal static class RequestScanner
{
    /// <summary>The deepest nesting that is read; OpenAI's own requests stay far below.</summary>
    public const int MaxDepth = 256;

    /// <summary>The longest model name.</summary>
    public const int MaxModelLength = 200;

    /// <summary>What a chat request must have; its presence in a pass means that streaming is possible.</summary>
    internal const string Messages = "messages";

    /// <summary>Scans a chat completion request; null with an error when it cannot be routed.</summary>
    public static RequestScan? ScanChat(ReadOnlySpan<byte> body, out RelayError? error) => Scan(body, Messages, out error);

    /// <summary>Scans an embeddings request; null with an error when it cannot be routed.</summary>
    public static RequestScan? ScanEmbeddings(ReadOnlySpan<byte> body, out RelayError? error) => Scan(body, "input", out error);

    private static RequestScan? Scan(ReadOnlySpan<byte> body, string content, out RelayError? error)
    {
        if (body.Length == 0)
        {
            error = Invalid("The request body is empty. Send a JSON object with \"model\" and \"" + content + "\".");
            return null;
        }

        if (!Utf8.IsValid(body))
        {
            error = Invalid("The request body is not valid UTF-8. Encode the JSON as UTF-8 without other bytes.");
            return null;
        }

        try
        {
            var scan = new RequestScan();
            error = new RequestPass(body, scan, content).Run();
            return error is null ? scan : null;
        }
        catch (JsonException e)
        {
            error = Invalid(Explain(e, body.Length));
            return null;
        }
    }

    /// <summary>Where and why a body stops being JSON.</summary>
    /// <param name="e">What the parser threw.</param>
    /// <param name="length">The body's length in bytes.</param>
    internal static string Explain(JsonException e, int length)
    {
        if (e.Message.Contains("depth", StringComparison.OrdinalIgnoreCase))
        {
            return string.Create(CultureInfo.InvariantCulture, $"The request body is nested deeper than {MaxDepth} levels. Flatten it.");
        }

        var line = (e.LineNumber ?? 0) + 1;
        var column = (e.BytePositionInLine ?? 0) + 1;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"The request body is not valid JSON: it stops making sense at line {line}, byte {column} of {length} bytes. Check for truncation, quotes and commas there.");
    }

    internal static RelayError Invalid(string message, string? param = null) => new(ErrorKind.InvalidRequest, message, param);
}
