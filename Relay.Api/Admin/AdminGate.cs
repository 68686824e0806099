using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Relay.ServiceDefaults.Metrics;

namespace Relay.Api.Admin;

/// <summary>What the admin token of a call says.</summary>
public enum AdminVerdict
{
    /// <summary>It is the right one.</summary>
    Allowed = 0,

    /// <summary>None is configured, so that nothing can be changed.</summary>
    NotConfigured = 1,

    /// <summary>There is none.</summary>
    Missing = 2,

    /// <summary>It is another one.</summary>
    Wrong = 3,
}

/// <summary>Tells whether a call may change something: it must carry the admin token. Thread-safe.</summary>
/// <param name="tokenHash">SHA-256 of the token now, 32 bytes; null when none is configured. The token itself is not needed here.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Where refusals go, one entry a minute at most.</param>
public sealed class AdminGate(Func<byte[]?> tokenHash, TimeProvider time, ILogger log) : IMetricsSource
{
    /// <summary>Who a call with the token is, in the audit log.</summary>
    public const string Name = "admin";

    /// <summary>What a refusal for want of a token says, on every protocol.</summary>
    public const string HowToConfigure =
        "This Relay takes no changes, since no admin token is configured. Add \"admin\": { \"token\": \"env:RELAY_ADMIN_TOKEN\" } to relay.json, set that variable, and send the token as 'Authorization: Bearer TOKEN'.";

    private const string Scheme = "Bearer ";

    /// <summary>Longer ones are not even looked at.</summary>
    private const int MaxLength = 64 * 1024;

    private static readonly TimeSpan BetweenLogs = TimeSpan.FromMinutes(1);

    private readonly Lock _logging = new();
    private long _failures;
    private long _failuresTold;
    private long? _toldAt;

    /// <summary>Calls that were refused because their token was missing or wrong.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>Checks a call.</summary>
    /// <param name="authorization">The value of its <c>authorization</c> header or metadata; null or empty when there is none.</param>
    public AdminVerdict Check(string? authorization)
    {
        if (tokenHash() is not { Length: SHA256.HashSizeInBytes } expected)
        {
            return AdminVerdict.NotConfigured;
        }

        if (string.IsNullOrWhiteSpace(authorization))
        {
            return Refused(AdminVerdict.Missing);
        }

        // Digests are compared, in a time that does not depend on where they differ.
        var isBearer = authorization.Length <= MaxLength && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);
        var token = isBearer ? authorization[Scheme.Length..].Trim() : "";
        var isRight = CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(token)), expected);
        return isRight && isBearer ? AdminVerdict.Allowed : Refused(AdminVerdict.Wrong);
    }

    /// <inheritdoc/>
    public void Write(MetricsText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text.Family("relay_admin_auth_failures_total", "counter", "Calls that would change something and came without the admin token, or with a wrong one.");
        text.Sample(Failures);
    }

    private AdminVerdict Refused(AdminVerdict verdict)
    {
        var failures = Interlocked.Increment(ref _failures);
        long since;
        lock (_logging)
        {
            if (_toldAt is { } told && time.GetElapsedTime(told) < BetweenLogs)
            {
                return verdict;
            }

            since = failures - _failuresTold;
            _failuresTold = failures;
            _toldAt = time.GetTimestamp();
        }

        Log.AdminRefused(log, since);
        return verdict;
    }
}
