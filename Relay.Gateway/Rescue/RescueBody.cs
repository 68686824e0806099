using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Relay.Gateway.Attempts;
using Relay.Gateway.Dialects;
using Relay.Gateway.Dialects.OpenAi;
using Relay.Gateway.Routing;

namespace Relay.Gateway.Rescue;

/// <summary>The request that asks another target to go on: the client's own, with the sent text behind its messages and its token limit lowered.</summary>
internal static class RescueBody
{
    private const string Ask = "Your answer above was cut off. Continue it from exactly where it stops: repeat none of it, and write nothing before the continuation.";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Builds it.</summary>
    public static byte[] Build(RelayRequest request, ChatForm chat, UpstreamTarget target)
    {
        var (body, scan, sent) = (chat.Body, chat.Scan, request.Sent!);
        var edits = new List<BodyEdit>(6);
        RequestSplice.AddEdits(scan, target.ModelJson, edits);
        if (!sent.Text.IsEmpty)
        {
            edits.Add(Continue(body.Span, scan, sent.Text, RescueRule.HowAt(target)));
            Lower(body.Span, scan.MaxCompletionTokensValue, sent.Deltas, edits);
            Lower(body.Span, scan.MaxTokensValue, sent.Deltas, edits);
        }

        return BodyEdit.Apply(body, edits);
    }

    private static BodyEdit Continue(ReadOnlySpan<byte> body, RequestScan scan, ReadOnlySpan<byte> sent, ContinueAs how)
    {
        var to = new ArrayBufferWriter<byte>(sent.Length + 512);
        var last = body[scan.LastMessage];
        using var message = JsonDocument.Parse(last.ToArray(), ContinuedChunks.Reading);
        var own = OwnPrefill(message.RootElement);
        if (own is null)
        {
            to.Write(last);
            to.Write(","u8);
        }

        WriteMessage(to, "assistant", own + Encoding.UTF8.GetString(sent));
        if (how == ContinueAs.UserMessage)
        {
            to.Write(","u8);
            WriteMessage(to, "user", Ask);
        }

        return new(scan.LastMessage.Start.Value, scan.LastMessage.End.Value, to.WrittenMemory);
    }

    /// <summary>The text that the client itself put into the assistant's mouth, which the sent text goes on with.</summary>
    private static string? OwnPrefill(JsonElement message) =>
        message.TryGetProperty("role", out var role) && role.ValueKind == JsonValueKind.String && role.ValueEquals("assistant"u8)
        && message.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String
        && !message.TryGetProperty("tool_calls", out _)
            ? Text(content)
            : null;

    private static string? Text(JsonElement content)
    {
        try
        {
            return content.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, which no provider could read as text either.
            return null;
        }
    }

    private static void WriteMessage(ArrayBufferWriter<byte> to, string role, string content)
    {
        using var json = new Utf8JsonWriter(to, Options);
        json.WriteStartObject();
        json.WriteString("role"u8, role);
        json.WriteString("content"u8, content);
        json.WriteEndObject();
    }

    private static void Lower(ReadOnlySpan<byte> body, Range? value, long sent, List<BodyEdit> edits)
    {
        if (value is { } range && long.TryParse(body[range], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var limit))
        {
            var left = Math.Max(1, limit - sent).ToString(CultureInfo.InvariantCulture);
            edits.Add(new(range.Start.Value, range.End.Value, Encoding.ASCII.GetBytes(left)));
        }
    }
}
