using System.Collections.Immutable;
using Relay.Core.Errors;

namespace Relay.Grpc;

/// <summary>How a call ended.</summary>
/// <param name="Code">The status code.</param>
/// <param name="Kind">The kind of error; <see cref="ErrorKind.None"/> with <see cref="GrpcStatusCode.Ok"/>, or where the other side did not tell.</param>
/// <param name="Message">What is wrong and what to do; no secret, no prompt text. Cut to <see cref="MaxMessageLength"/> characters on the wire.</param>
public sealed record GrpcStatus(GrpcStatusCode Code, ErrorKind Kind, string Message)
{
    /// <summary>The longest message that is sent, in UTF-16 characters: 1,000, so that the trailers fit into what clients accept (8 KiB).</summary>
    public const int MaxMessageLength = 1_000;

    /// <summary>It went well.</summary>
    public static GrpcStatus Ok { get; } = new(GrpcStatusCode.Ok, ErrorKind.None, "");

    /// <summary>The code in OpenAI's words, <c>model_not_found</c>; of the kind unless it says more. Empty when there is no kind.</summary>
    public string ErrorCode { get; init; } = ErrorTable.Of(Kind).OpenAiCode;

    /// <summary>When the call may be repeated, or null when that is not known.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>More for programs, beside <c>kind</c> and <c>code</c>: names in lower_snake_case, a few short values.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Info { get; init; } = [];

    /// <summary>A status by its kind, with the code of <see cref="ErrorTable"/>.</summary>
    public static GrpcStatus Of(ErrorKind kind, string message) => new((GrpcStatusCode)ErrorTable.Of(kind).GrpcStatus, kind, message);
}
