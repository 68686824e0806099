using Relay.Core.Credentials;
using Relay.Core.Errors;
using Relay.Gateway.Errors;
using Relay.Gateway.Upstream.Credentials;

namespace Relay.Gateway.Attempts;

/// <summary>What a failed attempt means where its provider has several credentials: another one is asked first, and at once.</summary>
internal static class CredentialRule
{
    /// <summary>
    /// How often one request goes on with another credential at one target: 3 times. Each time one is taken out or rests, so that the
    /// requests after it need fewer; this bounds the few that meet them all.
    /// </summary>
    public const int MaxSwitches = 3;

    /// <summary>What the next attempt is sent with. Only a request's first attempt at a target may try one that is out: another attempt follows it.</summary>
    public static CredentialLease Take(RelayRequest request, in Visit visit, TimeSpan now) =>
        visit.Target.Client.Credentials.Take(now, mayProbe: visit.Switches == 0, leaseFor: request.TimeLeft(now));

    /// <summary>Tells the credential how its attempt ended, and the result whether the target is to blame.</summary>
    public static void Record(in CredentialLease credential, AttemptResult result)
    {
        result.Credential = credential;
        if (result.NotSent)
        {
            credential.Record(CredentialOutcome.Unheard);
            return;
        }

        credential.Record(CredentialOutcomes.Of(result.Kind, result.Status), Positive(result.Error?.RetryAfter) ?? result.LimitReset);
        result.IsOnlyCredential = result.Kind is ErrorKind.ProviderAuth or ErrorKind.ProviderQuota && credential.Pool.IsAnyLeft;
    }

    /// <summary>What a request that asks for no answer, such as for a list, says of its credential: only a refusal says something. True when another one is left, so that the target is not to blame.</summary>
    public static bool RecordRefusal(in CredentialLease credential, ErrorKind kind, int status, TimeSpan? retryAfter)
    {
        var outcome = CredentialOutcomes.Of(kind, status);
        if (!outcome.IsItsOwn())
        {
            return false;
        }

        credential.Record(outcome, Positive(retryAfter));
        return kind != ErrorKind.ProviderRateLimited && credential.Pool.IsAnyLeft;
    }

    /// <summary>The attempt failed for its credential, and another one of the same provider takes requests now.</summary>
    public static bool MaySwitch(RelayRequest request, in Visit visit, AttemptResult result, TimeSpan now) =>
        !result.NotSent
        && visit.Switches < MaxSwitches
        && CredentialOutcomes.Of(result.Kind, result.Status).IsItsOwn()
        && request.TimeLeft(now) > TimeSpan.Zero
        && !request.ClientGone.IsCancellationRequested
        && result.Credential.Pool?.HasAnother(now) == true;

    /// <summary>When the target may be asked again: with several credentials, when the first of them takes requests.</summary>
    public static TimeSpan? RetryAfter(in Visit visit, RelayError error, TimeSpan now) =>
        error.Kind == ErrorKind.ProviderRateLimited ? visit.Target.Client.Credentials.ReadyIn(now) ?? error.RetryAfter : error.RetryAfter;

    private static TimeSpan? Positive(TimeSpan? time) => time > TimeSpan.Zero ? time : null;
}
