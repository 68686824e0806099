using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Relay.Core.Credentials;
using Relay.Core.Errors;
using Relay.Gateway.Config;
using Relay.Silo.Grains;

namespace Relay.Gateway.Upstream.Credentials;

/// <summary>
/// The credentials of one provider, as one configuration has them.
/// <code><![CDATA[
///   attempt --> one that is out and due? --> the others that are ready, in turns by weight --> none: the one that is soonest back
///                 (first attempts only)
/// ]]></code>
/// Choosing takes no lock: it reads when each is ready, and counts turns.
/// </summary>
internal sealed class CredentialPool
{
    private readonly Member[] _members;
    private readonly int[] _weights;
    private readonly KeyValuePair<string, string>[] _bare;
    private readonly TimeSpan _tryAgainAfter;
    private Turns _turns = new(0, []);
    private uint _turn = uint.MaxValue;

    /// <summary>Creates it.</summary>
    /// <param name="options">The provider.</param>
    /// <param name="before">Pools of the same provider before this one, newest first: what they know of unchanged credentials goes on.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Told when a credential is out, and when it is back.</param>
    public CredentialPool(ProviderOptions options, IEnumerable<CredentialPool> before, TimeProvider time, ILogger log)
    {
        var known = before.SelectMany(p => p._members).Select(m => m.Credential).ToArray();
        var all = options.AllCredentials;
        _members = [.. all.Select(c => new Member(
            Array.Find(known, k => k.Is(options, c)) ?? new ProviderCredential(options, c, time, log),
            [.. CredentialHeaders.Of(options.Dialect, c.ApiKey)]))];
        _weights = [.. all.Select(c => c.Weight)];
        _bare = [.. CredentialHeaders.Of(options.Dialect, null)];
        _tryAgainAfter = options.CredentialRetryAfter;
    }

    /// <summary>In configured order.</summary>
    public IEnumerable<ProviderCredential> Credentials => _members.Select(m => m.Credential);

    /// <summary>How each stands, in wall-clock time.</summary>
    public IReadOnlyList<CredentialReport> Report(TimeProvider time)
    {
        var (now, utc) = (Monotonic.Now(time), time.GetUtcNow());
        return [.. _members.Select((m, i) => m.Credential.Snapshot(now) is var s && s.State == CredentialState.Ready
            ? new CredentialReport(m.Credential.Name, _weights[i], s.State, ErrorKind.None, utc - (now - s.Since), null, m.Credential.Attempts)
            : new CredentialReport(m.Credential.Name, _weights[i], s.State, s.Reason.Kind(), utc - (now - s.Since), utc + (s.Until - now), m.Credential.Attempts))];
    }

    /// <summary>At least one is neither refused nor without quota.</summary>
    public bool IsAnyLeft => Array.Exists(_members, m => !m.Credential.IsOut);

    /// <summary>The credential of an attempt.</summary>
    /// <param name="now">The monotonic time.</param>
    /// <param name="mayProbe">The attempt may be the one that tries a credential that is out: when it fails, another attempt follows.</param>
    /// <param name="leaseFor">How long the attempt may take.</param>
    public CredentialLease Take(TimeSpan now, bool mayProbe, TimeSpan leaseFor)
    {
        if (_members.Length == 0)
        {
            return new(this, -1, default);
        }

        var ready = 0UL;
        for (var i = 0; i < _members.Length; i++)
        {
            var credential = _members[i].Credential;
            if (credential.ReadyAt <= now)
            {
                ready |= 1UL << i;
            }
            else if (mayProbe && credential.TryAt <= now && credential.TryProbe(now, leaseFor, out var probe))
            {
                return new(this, i, probe);
            }
        }

        var chosen = ready == 0 ? SoonestBack() : NextTurn(ready);
        return new(this, chosen, _members[chosen].Credential.Use());
    }

    /// <summary>One of several takes requests now.</summary>
    public bool HasAnother(TimeSpan now) => _members.Length > 1 && Array.Exists(_members, m => m.Credential.ReadyAt <= now);

    /// <summary>How long until one of several takes requests; null when there is one at most, or when all are out.</summary>
    public TimeSpan? ReadyIn(TimeSpan now)
    {
        if (_members.Length < 2 || !IsAnyLeft)
        {
            return null;
        }

        var at = _members.Min(m => m.Credential.ReadyAt);
        return at <= now ? TimeSpan.Zero : at - now;
    }

    /// <summary>The headers that a credential is sent in.</summary>
    public ReadOnlySpan<KeyValuePair<string, string>> HeadersOf(int index) => index < 0 ? _bare : _members[index].Headers;

    /// <summary>The credential at an index; null for none.</summary>
    public ProviderCredential? At(int index) => index < 0 ? null : _members[index].Credential;

    /// <summary>Records what an attempt says of its credential.</summary>
    public void Record(in CredentialLease lease, CredentialOutcome outcome, TimeSpan? rest) =>
        At(lease.Index)?.Record(lease.Use, outcome, rest, _tryAgainAfter);

    private int NextTurn(ulong ready)
    {
        // Whoever sees another set makes the cycle for it; that two do so at once costs nothing.
        var turns = Volatile.Read(ref _turns);
        if (turns.Among != ready)
        {
            turns = new(ready, SmoothOrder.Cycle(_weights, ready));
            Volatile.Write(ref _turns, turns);
        }

        return turns.Cycle[(int)(Interlocked.Increment(ref _turn) % (uint)turns.Cycle.Length)];
    }

    /// <summary>Nobody is refused while somebody could be asked: a resting one before one that is out.</summary>
    private int SoonestBack()
    {
        var best = 0;
        for (var i = 1; i < _members.Length; i++)
        {
            var (a, b) = (_members[i].Credential, _members[best].Credential);
            best = a.ReadyAt < b.ReadyAt || (a.ReadyAt == b.ReadyAt && a.TryAt < b.TryAt) ? i : best;
        }

        return best;
    }

    private readonly record struct Member(ProviderCredential Credential, KeyValuePair<string, string>[] Headers);

    /// <summary>The turns while these are ready.</summary>
    private sealed record Turns(ulong Among, ImmutableArray<byte> Cycle);
}

/// <summary>A credential in use by an attempt.</summary>
/// <param name="Pool">Its provider's.</param>
/// <param name="Index">Which one; -1 where the provider needs none.</param>
/// <param name="Use">What the attempt holds.</param>
internal readonly record struct CredentialLease(CredentialPool Pool, int Index, CredentialUse Use)
{
    /// <summary>Its name; null where the provider needs none.</summary>
    public string? Name => Pool?.At(Index)?.Name;

    /// <summary>The headers that it is sent in.</summary>
    public ReadOnlySpan<KeyValuePair<string, string>> Headers => Pool.HeadersOf(Index);

    /// <summary>One of its limits is used up: it rests before the provider has to refuse it.</summary>
    public void Rest(TimeSpan rest, TimeSpan now) => Pool.At(Index)?.Rest(rest, now);

    /// <summary>Records what the attempt says of it.</summary>
    public void Record(CredentialOutcome outcome, TimeSpan? rest = null) => Pool.Record(this, outcome, rest);
}
