using Relay.Core.Errors;

namespace Relay.Gateway.Errors;

/// <summary>An error on its way to a client: its kind, what to say, and where the kind alone does not decide, the status.</summary>
public sealed record RelayError
{
    /// <summary>Creates an error.</summary>
    /// <param name="kind">What went wrong.</param>
    /// <param name="message">What to tell the client: what is wrong and what to do. No secret, no prompt text.</param>
    /// <param name="param">The request field that is at fault, or null.</param>
    public RelayError(ErrorKind kind, string message, string? param = null)
    {
        Kind = kind;
        Message = message;
        Param = param;
    }

    /// <summary>What went wrong.</summary>
    public ErrorKind Kind { get; init; }

    /// <summary>What the client is told.</summary>
    public string Message { get; init; }

    /// <summary>The request field at fault, or null.</summary>
    public string? Param { get; init; }

    /// <summary>A code that says more than the kind's own, or null.</summary>
    public string? Code { get; init; }

    /// <summary>A status that differs from the kind's own, or null.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>When to come back, or null.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The provider's answer, passed on unchanged: only for the caller's own faults.</summary>
    public ProviderAnswer? Unchanged { get; init; }

    /// <summary>The row of its kind.</summary>
    public ErrorRow Row => ErrorTable.Of(Kind);

    /// <summary>The status that the client sees.</summary>
    public int Status => HttpStatus ?? Unchanged?.Status ?? Row.HttpStatus;
}

/// <summary>An error answer of a provider.</summary>
/// <param name="Status">Its HTTP status.</param>
/// <param name="ContentType">Its content type, or null.</param>
/// <param name="Body">Its body, up to 64 KiB.</param>
public sealed record ProviderAnswer(int Status, string? ContentType, ReadOnlyMemory<byte> Body);
