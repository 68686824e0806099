using Relay.Core.Errors;

namespace Relay.Core.Credentials;

/// <summary>What an attempt says about the credential that it was sent with.</summary>
public enum CredentialOutcome
{
    /// <summary>Nothing: the client left, or nothing was sent.</summary>
    Unheard,

    /// <summary>Nothing either, and it was the provider that did not say: no connection, a time limit, a 5xx.</summary>
    Unclear,

    /// <summary>The provider took it.</summary>
    Accepted,

    /// <summary>The provider took it and has had enough for now (429).</summary>
    Limited,

    /// <summary>The provider refused it (401, 403).</summary>
    Refused,

    /// <summary>Its account has no quota left.</summary>
    NoQuota,
}

/// <summary>Which outcome an attempt's end is. Pure.</summary>
public static class CredentialOutcomes
{
    /// <summary>The outcome of an attempt.</summary>
    /// <param name="error">How it ended; None for an answer.</param>
    /// <param name="status">The provider's HTTP status; 0 when none came.</param>
    public static CredentialOutcome Of(ErrorKind error, int status) => error switch
    {
        ErrorKind.ProviderAuth => CredentialOutcome.Refused,
        ErrorKind.ProviderQuota => CredentialOutcome.NoQuota,
        ErrorKind.ProviderRateLimited => CredentialOutcome.Limited,
        _ when status is >= 200 and <= 299 => CredentialOutcome.Accepted,

        // Who says what is wrong with a request has let it in.
        _ when status != 0 && ErrorTable.Of(error).Domain == FaultDomain.Caller => CredentialOutcome.Accepted,
        _ when ErrorTable.Of(error).Domain == FaultDomain.Provider => CredentialOutcome.Unclear,
        _ => CredentialOutcome.Unheard,
    };

    /// <summary>The kind of error that an outcome comes from; None for those that are no refusal.</summary>
    public static ErrorKind Kind(this CredentialOutcome outcome) => outcome switch
    {
        CredentialOutcome.Refused => ErrorKind.ProviderAuth,
        CredentialOutcome.NoQuota => ErrorKind.ProviderQuota,
        CredentialOutcome.Limited => ErrorKind.ProviderRateLimited,
        _ => ErrorKind.None,
    };

    /// <summary>It is the credential's fault, or its account's: another one may be answered at once.</summary>
    public static bool IsItsOwn(this CredentialOutcome outcome) => outcome >= CredentialOutcome.Limited;
}
