namespace Relay.Core.Credentials;

/// <summary>How a credential stands, from best to worst; the numbers are those of the metric.</summary>
public enum CredentialState
{
    /// <summary>It takes requests.</summary>
    Ready = 0,

    /// <summary>The provider asked for time; it takes requests again by itself.</summary>
    Resting = 1,

    /// <summary>It was refused or has no quota; one request tries it now and then.</summary>
    Out = 2,
}

/// <summary>A credential as it shows itself.</summary>
/// <param name="State">How it stands.</param>
/// <param name="Reason">What brought it there: Limited, Refused or NoQuota; Accepted when it is ready.</param>
/// <param name="Since">Since when, on the monotonic clock.</param>
/// <param name="Until">Resting: until when. Out: when it is tried next. Ready: <paramref name="Since"/>.</param>
public readonly record struct CredentialSnapshot(CredentialState State, CredentialOutcome Reason, TimeSpan Since, TimeSpan Until);

/// <summary>What an attempt holds while it uses a credential.</summary>
/// <param name="Period">How often the credential had been taken out by then: what was sent before tells nothing of later.</param>
/// <param name="IsProbe">It is the one request that tries a credential that is out.</param>
public readonly record struct CredentialUse(long Period, bool IsProbe);

/// <summary>
/// What is known of one credential of a provider.
/// <code><![CDATA[
///              429: until its reset, 60 s at most
///    Ready <--------------------------------------> Resting
///      |  ^                                            |
///      |  +---- accepted ----+                         | 401, 403, no quota
///      +-------------------> Out <---------------------+
///                             +-- every minute one request tries it
/// ]]></code>
/// Pure: time is an argument. Not thread-safe: the owner locks, each call is short.
/// </summary>
public sealed class CredentialStanding
{
    /// <summary>The longest rest, whatever the provider asks for: 60 s.</summary>
    public static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(60);

    /// <summary>The rest after a 429 that names no time: 1 s.</summary>
    public static readonly TimeSpan UntoldRest = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Never = TimeSpan.MaxValue;

    private CredentialOutcome _reason = CredentialOutcome.Accepted;
    private TimeSpan _since;
    private TimeSpan _restUntil = TimeSpan.MinValue;
    private TimeSpan _limitedAt;
    private TimeSpan _tryAt = Never;
    private long _period;

    /// <summary>Starts ready.</summary>
    /// <param name="now">The monotonic time.</param>
    public CredentialStanding(TimeSpan now) => _since = now;

    /// <summary>It was refused or has no quota.</summary>
    public bool IsOut => _tryAt != Never;

    /// <summary>From when it takes requests; MaxValue while it is out.</summary>
    public TimeSpan ReadyAt => IsOut ? Never : _restUntil;

    /// <summary>From when one request may try it; MaxValue unless it is out.</summary>
    public TimeSpan TryAt => _tryAt;

    /// <summary>What a request holds that uses it now, whatever its state.</summary>
    public CredentialUse Use() => new(_period, IsProbe: false);

    /// <summary>A request asks to be the one that tries it. False when it is not out, or not yet due.</summary>
    /// <param name="now">The monotonic time.</param>
    /// <param name="leaseFor">How long the request may take: until then no other one tries it.</param>
    /// <param name="use">What the request holds.</param>
    public bool TryProbe(TimeSpan now, TimeSpan leaseFor, out CredentialUse use)
    {
        use = new(_period, IsProbe: true);
        if (_tryAt > now)
        {
            return false;
        }

        _tryAt = leaseFor < Never - now ? now + leaseFor : Never - TimeSpan.FromTicks(1);
        return true;
    }

    /// <summary>Records the end of an attempt. True when the credential was taken out, or is back.</summary>
    /// <param name="use">What the attempt held.</param>
    /// <param name="outcome">What it says.</param>
    /// <param name="rest">After a 429: what the provider asked for; null when it named no time.</param>
    /// <param name="tryAgainAfter">How long it stays out until it is tried again.</param>
    /// <param name="now">The monotonic time.</param>
    public bool Record(CredentialUse use, CredentialOutcome outcome, TimeSpan? rest, TimeSpan tryAgainAfter, TimeSpan now)
    {
        if (outcome == CredentialOutcome.Limited)
        {
            Rest(rest, now);
        }

        // What was sent before it was taken out tells nothing of it now.
        if (use.Period != _period)
        {
            return false;
        }

        switch (outcome)
        {
            case CredentialOutcome.Refused or CredentialOutcome.NoQuota:
                return TakeOut(outcome, now, tryAgainAfter);
            case CredentialOutcome.Accepted or CredentialOutcome.Limited when IsOut:
                (_reason, _since, _tryAt) = (CredentialOutcome.Accepted, now, Never);
                return true;
            case CredentialOutcome.Unclear when use.IsProbe && IsOut:
                _tryAt = now + tryAgainAfter;
                return false;
            case CredentialOutcome.Unheard when use.IsProbe && IsOut:
                _tryAt = now;
                return false;
            default:
                return false;
        }
    }

    /// <summary>It takes no requests for a while.</summary>
    /// <param name="asked">What the provider asked for or told; null or nothing: <see cref="UntoldRest"/>.</param>
    /// <param name="now">The monotonic time.</param>
    public void Rest(TimeSpan? asked, TimeSpan now)
    {
        // None at all would mean to be asked again at once, and again.
        var rest = asked is { } time && time > TimeSpan.Zero ? time : UntoldRest;
        var until = now + (rest < LongestRest ? rest : LongestRest);
        if (_restUntil <= now)
        {
            _limitedAt = now;
        }

        if (until > _restUntil)
        {
            _restUntil = until;
        }
    }

    /// <summary>What it shows of itself.</summary>
    public CredentialSnapshot Snapshot(TimeSpan now) =>
        IsOut ? new(CredentialState.Out, _reason, _since, _tryAt)
        : _restUntil > now ? new(CredentialState.Resting, CredentialOutcome.Limited, _limitedAt, _restUntil)
        : new(CredentialState.Ready, CredentialOutcome.Accepted, _since, _since);

    private bool TakeOut(CredentialOutcome reason, TimeSpan now, TimeSpan tryAgainAfter)
    {
        var wasOut = IsOut;
        _reason = reason;
        _tryAt = now + tryAgainAfter;
        if (wasOut)
        {
            return false;
        }

        _since = now;
        _period++;
        return true;
    }
}
