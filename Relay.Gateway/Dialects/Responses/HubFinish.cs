using System.Text.Json;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Gateway.Dialects.Responses;

/// <summary>What a finish_reason means to a Responses client.</summary>
internal enum HubFinish
{
    /// <summary>It has not finished.</summary>
    None,

    /// <summary>The response is completed.</summary>
    Completed,

    /// <summary>It is incomplete: max_output_tokens.</summary>
    Length,

    /// <summary>It is incomplete: content_filter.</summary>
    Filtered,
}

/// <summary>Reads finish_reason.</summary>
internal static class HubFinishReason
{
    /// <summary>The meaning of the value that the reader stands on; leaves it at the value's end.</summary>
    public static HubFinish Read(ref Utf8JsonReader json)
    {
        var finish = json.TokenType != JsonTokenType.String || json.ValueSpan.IsEmpty ? HubFinish.None
            : json.TextIs("length"u8) ? HubFinish.Length
            : json.TextIs("content_filter"u8) ? HubFinish.Filtered
            : HubFinish.Completed;
        json.Skip();
        return finish;
    }
}
