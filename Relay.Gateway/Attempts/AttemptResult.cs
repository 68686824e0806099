using Relay.Core.Cost;
using Relay.Core.Errors;
using Relay.Gateway.Errors;
using Relay.Gateway.Upstream.Credentials;

namespace Relay.Gateway.Attempts;

/// <summary>How far an attempt got.</summary>
internal enum AttemptEnd
{
    /// <summary>It failed and the client has seen nothing of it: anything may follow.</summary>
    Failed,

    /// <summary>The answer is complete.</summary>
    Answered,

    /// <summary>It failed after the client had seen a part of it.</summary>
    Broken,
}

/// <summary>The outcome of one attempt.</summary>
internal sealed class AttemptResult
{
    /// <summary>How far it got.</summary>
    public required AttemptEnd End { get; init; }

    /// <summary>What went wrong; null when answered.</summary>
    public RelayError? Error { get; init; }

    /// <summary>The provider's status; 0 when none came.</summary>
    public int Status { get; init; }

    /// <summary>The tokens it used, or null.</summary>
    public Usage? Usage { get; init; }

    /// <summary>From its start to its first generated token, or null.</summary>
    public TimeSpan? FirstToken { get; init; }

    /// <summary>From its start to its end.</summary>
    public TimeSpan Elapsed { get; set; }

    /// <summary>Events that could not be read.</summary>
    public int MalformedEvents { get; init; }

    /// <summary>Well answered, but it cannot be shown together with what the client has: nobody's fault, and the end of the request.</summary>
    public bool IsDiverged { get; init; }

    /// <summary>The request cannot be said to this target without changing its meaning: nothing was sent.</summary>
    public bool NotSent { get; init; }

    /// <summary>What the attempt was sent with.</summary>
    public CredentialLease Credential { get; set; }

    /// <summary>The credential was refused or has no quota, and another one of the provider may be neither: the target is not to blame.</summary>
    public bool IsOnlyCredential { get; set; }

    /// <summary>When a limit that is used up is whole again, as the rate-limit headers of an error say; or null.</summary>
    public TimeSpan? LimitReset { get; init; }

    /// <summary>A plain answer that waits to be sent; null for streams and failures.</summary>
    public PlainAnswer? Plain { get; init; }

    /// <summary>The kind of its error.</summary>
    public ErrorKind Kind => Error?.Kind ?? ErrorKind.None;

    /// <summary>A failure that the client has seen nothing of.</summary>
    public static AttemptResult Fail(RelayError error, int status = 0) =>
        new() { End = AttemptEnd.Failed, Error = error, Status = status };
}
