using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Relay.Gateway.Attempts;

namespace Relay.Gateway.Telemetry.Content;

/// <summary>What was asked and answered, as attributes of a request's span.</summary>
internal static class ContentTags
{
    /// <summary>Sets them, as far as they can be told.</summary>
    public static void Set(Activity span, RelayRequest request, OutputCapture output)
    {
        try
        {
            Write(span, request, output);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            // A provider may take what is no text, such as half of a surrogate pair.
            span.SetTag(GenAi.ContentCut, true);
        }
    }

    private static void Write(Activity span, RelayRequest request, OutputCapture output)
    {
        var isCut = output.IsCut;
        if (request.TryGetChat(out _) is { } chat)
        {
            using var input = new MessageWriter();
            InputMessages.Write(chat.Body, input);
            span.SetTag(GenAi.InputMessages, input.Finish());
            isCut |= input.IsCut;
        }

        using var answer = new MessageWriter();
        output.Write(answer, request.IsRescue ? Encoding.UTF8.GetString(request.Sent!.Text) : null);
        span.SetTag(GenAi.OutputMessages, answer.Finish());
        if (isCut || answer.IsCut)
        {
            span.SetTag(GenAi.ContentCut, true);
        }
    }
}
