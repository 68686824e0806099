using Microsoft.Extensions.Logging;
using Relay.Core.Credentials;
using Relay.Gateway.Config;
using Relay.Gateway.Telemetry;

namespace Relay.Gateway.Upstream.Credentials;

/// <summary>
/// What this gateway knows of one credential at run time. It survives a change of configuration that leaves the provider's address and
/// the credential's name and text as they are. Thread-safe; each lock is short, and choosing among credentials takes none.
/// </summary>
internal sealed class ProviderCredential
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CredentialStanding _standing;
    private readonly long[] _refusals = new long[(int)CredentialOutcome.NoQuota + 1];
    private long _readyAtTicks;
    private long _tryAtTicks;
    private long _period;
    private long _attempts;

    /// <summary>Starts ready.</summary>
    public ProviderCredential(ProviderOptions provider, CredentialOptions options, TimeProvider time, ILogger log)
    {
        Provider = provider;
        Options = options;
        _time = time;
        _log = log;
        _standing = new(Monotonic.Now(time));
        Publish_NeedsLock();
    }

    /// <summary>The provider as it was when this was made.</summary>
    public ProviderOptions Provider { get; }

    /// <summary>As configured then; its weight may be another one since.</summary>
    public CredentialOptions Options { get; }

    /// <summary>Its name.</summary>
    public string Name => Options.Name;

    /// <summary>From when it takes requests; MaxValue while it is out. Takes no lock.</summary>
    public TimeSpan ReadyAt => TimeSpan.FromTicks(Interlocked.Read(ref _readyAtTicks));

    /// <summary>From when one request may try it; MaxValue unless it is out. Takes no lock.</summary>
    public TimeSpan TryAt => TimeSpan.FromTicks(Interlocked.Read(ref _tryAtTicks));

    /// <summary>It was refused or has no quota. Takes no lock.</summary>
    public bool IsOut => TryAt != TimeSpan.MaxValue;

    /// <summary>Attempts that used it.</summary>
    public long Attempts => Interlocked.Read(ref _attempts);

    /// <summary>How often the provider refused it in this way.</summary>
    public long Refusals(CredentialOutcome outcome) => Interlocked.Read(ref _refusals[(int)outcome]);

    /// <summary>An attempt uses it, whatever its state. Takes no lock.</summary>
    public CredentialUse Use()
    {
        Interlocked.Increment(ref _attempts);
        return new(Interlocked.Read(ref _period), IsProbe: false);
    }

    /// <summary>An attempt asks to be the one that tries it while it is out.</summary>
    public bool TryProbe(TimeSpan now, TimeSpan leaseFor, out CredentialUse use)
    {
        lock (_gate)
        {
            if (!_standing.TryProbe(now, leaseFor, out use))
            {
                return false;
            }

            Publish_NeedsLock();
        }

        Interlocked.Increment(ref _attempts);
        return true;
    }

    /// <summary>It has nothing left for now: it rests before the provider has to refuse it.</summary>
    public void Rest(TimeSpan rest, TimeSpan now)
    {
        lock (_gate)
        {
            _standing.Rest(rest, now);
            Publish_NeedsLock();
        }
    }

    /// <summary>Records the end of an attempt, or that its answer has begun.</summary>
    public void Record(CredentialUse use, CredentialOutcome outcome, TimeSpan? rest, TimeSpan tryAgainAfter)
    {
        if (outcome.IsItsOwn())
        {
            Interlocked.Increment(ref _refusals[(int)outcome]);
        }
        else if (!IsOut)
        {
            return;
        }

        var now = Monotonic.Now(_time);
        bool changed, isOut;
        lock (_gate)
        {
            changed = _standing.Record(use, outcome, rest, tryAgainAfter, now);
            isOut = _standing.IsOut;
            Publish_NeedsLock();
        }

        if (changed && isOut)
        {
            Log.CredentialOut(_log, Name, Provider.Name, outcome == CredentialOutcome.NoQuota ? "no quota is left" : "the provider refused it");
        }
        else if (changed)
        {
            Log.CredentialBack(_log, Name, Provider.Name);
        }
    }

    /// <summary>How it stands.</summary>
    public CredentialSnapshot Snapshot(TimeSpan now)
    {
        lock (_gate)
        {
            return _standing.Snapshot(now);
        }
    }

    /// <summary>True when a provider with these options would know it as the same.</summary>
    public bool Is(ProviderOptions provider, CredentialOptions options) =>
        Options.Name == options.Name
        && Options.ApiKey.Equals(options.ApiKey)
        && Provider.Dialect == provider.Dialect
        && Provider.BaseUrl == provider.BaseUrl
        && Provider.HasSameHeaders(provider);

    private void Publish_NeedsLock()
    {
        Interlocked.Exchange(ref _period, _standing.Use().Period);
        Interlocked.Exchange(ref _readyAtTicks, _standing.ReadyAt.Ticks);
        Interlocked.Exchange(ref _tryAtTicks, _standing.TryAt.Ticks);
    }
}
