using System.Diagnostics;
using System.Text.Json;
using Relay.Gateway.Attempts;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Gateway.Telemetry.Tracing;

/// <summary>What a request asks for, as attributes of its span: figures only, no text. Only for requests that are sampled.</summary>
internal static class RequestParameters
{
    /// <summary>Sets them.</summary>
    public static void Set(Activity activity, RelayRequest request)
    {
        var scan = request.Scan;
        if (scan.Stream)
        {
            activity.SetTag(GenAi.RequestStream, true);
        }

        if (scan.Choices != 1)
        {
            activity.SetTag(GenAi.RequestChoices, scan.Choices);
        }

        if (scan.HasResponseFormat)
        {
            activity.SetTag(GenAi.OutputType, "json");
        }

        try
        {
            Read(activity, request.Body.Memory.Span);
        }
        catch (JsonException)
        {
            // What is odd in it was for the scan to refuse; a span is not worth a request.
        }
    }

    private static void Read(Activity activity, ReadOnlySpan<byte> body)
    {
        var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = RequestScanner.MaxDepth });
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = NameOf(ref json);
            json.Read();
            if (name is not null && json.TokenType == JsonTokenType.Number)
            {
                Set(activity, name, ref json);
            }

            json.Skip();
        }
    }

    private static void Set(Activity activity, string name, ref Utf8JsonReader json)
    {
        if (name is GenAi.RequestMaxTokens or GenAi.RequestSeed)
        {
            if (json.TryGetInt64(out var whole))
            {
                activity.SetTag(name, whole);
            }
        }
        else if (json.TryGetDouble(out var number))
        {
            activity.SetTag(name, number);
        }
    }

    private static string? NameOf(ref Utf8JsonReader json) =>
        json.TextIs("max_tokens"u8) || json.TextIs("max_completion_tokens"u8) || json.TextIs("max_output_tokens"u8) ? GenAi.RequestMaxTokens
        : json.TextIs("temperature"u8) ? GenAi.RequestTemperature
        : json.TextIs("top_p"u8) ? GenAi.RequestTopP
        : json.TextIs("top_k"u8) ? GenAi.RequestTopK
        : json.TextIs("frequency_penalty"u8) ? GenAi.RequestFrequencyPenalty
        : json.TextIs("presence_penalty"u8) ? GenAi.RequestPresencePenalty
        : json.TextIs("seed"u8) ? GenAi.RequestSeed
        : null;
}
