using System.Text.Json;
using Relay.Core.Cost;
using Relay.Core.Errors;
using Relay.Gateway.Attempts;

namespace Relay.Gateway.Rescue;

/// <summary>Tells the client, in the last usage chunk's <c>x_relay</c>, that its stream was rescued and what that took.</summary>
internal static class RescueStory
{
    /// <summary>The usage chunk of a rescued stream, or of one whose own usage came too early to be sent on.</summary>
    /// <param name="request">The request, all of whose attempts are known.</param>
    /// <param name="target">The target that ended it.</param>
    /// <param name="bill">What the client is charged with.</param>
    public static ReadOnlySpan<byte> UsageChunk(RelayRequest request, string? target, Bill bill) =>
        new ContinuedChunks(request.Sent!.FirstChunk).Usage(bill.Usage ?? default, json => Write(json, request, target, bill));

    private static void Write(Utf8JsonWriter json, RelayRequest request, string? target, Bill bill)
    {
        if (!request.IsRescue)
        {
            return;
        }

        json.WriteStartObject("x_relay"u8);
        json.WriteString("request_id"u8, request.Id);
        json.WriteString("target"u8, target);
        json.WriteNumber("attempts"u8, request.Attempts.Count);
        json.WriteBoolean("usage_estimated"u8, bill.Usage?.Estimated ?? true);
        if (bill.Cost is { } cost)
        {
            json.WritePropertyName("cost_usd"u8);
            json.WriteRawValue(cost.ToString(), skipInputValidation: true);
        }

        json.WriteStartArray("rescues"u8);
        var breaks = request.Sent!.Breaks;
        for (var i = 0; i < breaks.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("from"u8, breaks[i].Target);
            json.WriteString("to"u8, i + 1 < breaks.Count ? breaks[i + 1].Target : target);
            json.WriteString("error"u8, breaks[i].Error.Label());
            json.WriteNumber("after_ms"u8, (long)breaks[i].After.TotalMilliseconds);
            json.WriteNumber("sent_bytes"u8, breaks[i].SentBytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
