using Relay.Core.Cost;

namespace Relay.Gateway.Attempts;

/// <summary>
/// Tokens of an answer whose usage never came. English text has about four bytes a token in current tokenizers, and most providers send
/// one token a chunk; the result is marked as estimated and never mixed up with a reported one.
/// </summary>
internal static class UsageEstimate
{
    private const int BytesPerToken = 4;

    /// <summary>From the size of the request and the number of chunks that carried output.</summary>
    public static Usage FromChunks(int requestBytes, long chunks) => Of(requestBytes, chunks);

    /// <summary>From the sizes of request and answer.</summary>
    public static Usage FromBytes(int requestBytes, long answerBytes) => Of(requestBytes, answerBytes / BytesPerToken);

    private static Usage Of(int requestBytes, long output) =>
        new() { InputTokens = requestBytes / BytesPerToken, OutputTokens = output, Estimated = true };
}
