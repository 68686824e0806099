using System.Text.Json;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Gateway.Dialects.Gemini;

/// <summary>What a candidate's finishReason means to a client.</summary>
internal enum GeminiFinish
{
    /// <summary>It has not finished.</summary>
    None,

    /// <summary>OpenAI's stop, or tool_calls when it called functions.</summary>
    Stop,

    /// <summary>OpenAI's length.</summary>
    Length,

    /// <summary>OpenAI's content_filter.</summary>
    Filtered,

    /// <summary>The model failed, or stopped for a reason that no one knows: an error, since any of OpenAI's reasons would call the answer whole.</summary>
    Failed,
}

/// <summary>Reads Candidate.FinishReason (https://ai.google.dev/api/generate-content#FinishReason).</summary>
internal static class GeminiFinishReason
{
    /// <summary>The meaning of the value that the reader stands on.</summary>
    public static GeminiFinish Read(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.String || json.ValueSpan.IsEmpty)
        {
            return GeminiFinish.None;
        }

        if (json.TextIs("STOP"u8))
        {
            return GeminiFinish.Stop;
        }

        if (json.TextIs("MAX_TOKENS"u8) || json.TextIs("CONTINUATION"u8))
        {
            return GeminiFinish.Length;
        }

        if (json.TextIs("FINISH_REASON_UNSPECIFIED"u8))
        {
            return GeminiFinish.None;
        }

        var filtered = json.TextIs("SAFETY"u8) || json.TextIs("RECITATION"u8) || json.TextIs("LANGUAGE"u8) || json.TextIs("BLOCKLIST"u8)
            || json.TextIs("PROHIBITED_CONTENT"u8) || json.TextIs("SPII"u8) || json.TextIs("IMAGE_SAFETY"u8)
            || json.TextIs("IMAGE_PROHIBITED_CONTENT"u8) || json.TextIs("IMAGE_RECITATION"u8);

        // OTHER, MALFORMED_FUNCTION_CALL, UNEXPECTED_TOOL_CALL, TOO_MANY_TOOL_CALLS, NO_IMAGE, IMAGE_OTHER, and what comes tomorrow.
        return filtered ? GeminiFinish.Filtered : GeminiFinish.Failed;
    }

    /// <summary>OpenAI's finish_reason as a JSON string.</summary>
    /// <param name="finish">Not None, not Failed.</param>
    /// <param name="called">The candidate called functions.</param>
    public static ReadOnlySpan<byte> ToOpenAi(GeminiFinish finish, bool called) => finish switch
    {
        GeminiFinish.Length => "\"length\""u8,
        GeminiFinish.Filtered => "\"content_filter\""u8,
        _ => called ? "\"tool_calls\""u8 : "\"stop\""u8,
    };
}
