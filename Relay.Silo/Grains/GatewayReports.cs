using Relay.Core.Breaker;

namespace Relay.Silo.Grains;

/// <summary>The gateways that report to one grain: at most <see cref="MaxGateways"/>, and past that the one unheard for longest is forgotten.</summary>
/// <remarks>A forgotten gateway that re-sends a delta is counted again; it takes 129 gateways on one key for that. Not thread-safe: the grain locks.</remarks>
public sealed class GatewayReports
{
    /// <summary>The most gateways that one grain remembers.</summary>
    public const int MaxGateways = 128;

    /// <summary>The longest gateway id, in characters; a longer one is refused.</summary>
    public const int MaxIdLength = 512;

    /// <summary>A gateway that has not reported for this long is taken for gone: what it had under way and its breaker no longer count.</summary>
    public static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(10);

    // A gateway's object with its window, report and times; the reference to it; its id as a string of two bytes a character.
    private const int BytesPerGateway = 256 + 8 + 32 + (2 * MaxIdLength);

    private readonly List<GatewayReport> _reports = [];

    /// <summary>The most memory that the reports of one grain hold, in bytes.</summary>
    public static int MaxBytes => 64 + (MaxGateways * BytesPerGateway);

    /// <summary>How many gateways are remembered.</summary>
    internal int Count => _reports.Count;

    /// <summary>The report of a gateway, made when it is new.</summary>
    internal GatewayReport Hear(string gateway, TimeSpan now)
    {
        var report = Find(gateway);
        if (report is null)
        {
            if (_reports.Count == MaxGateways)
            {
                _reports.Remove(_reports.MinBy(known => known.HeardAt)!);
            }

            report = new GatewayReport(gateway);
            _reports.Add(report);
        }

        report.HeardAt = now;
        return report;
    }

    /// <summary>What all gateways that still report have under way.</summary>
    internal int Active(TimeSpan now)
    {
        var active = 0L;
        foreach (var report in _reports)
        {
            active += IsSilent(report, now) ? 0 : report.Active;
        }

        return (int)Math.Min(active, int.MaxValue);
    }

    /// <summary>The worst breaker of all gateways that still report; null when none does.</summary>
    internal BreakerReport? Worst(TimeSpan now)
    {
        BreakerReport? worst = null;
        foreach (var report in _reports)
        {
            if (!IsSilent(report, now) && report.Breaker is { } breaker && (worst is not { } known || IsWorse(breaker, known)))
            {
                worst = breaker;
            }
        }

        return worst;
    }

    /// <summary>How many gateways still report.</summary>
    internal int Live(TimeSpan now)
    {
        var live = 0;
        foreach (var report in _reports)
        {
            live += IsSilent(report, now) ? 0 : 1;
        }

        return live;
    }

    /// <summary>True when one that still reports is so.</summary>
    internal bool Any(TimeSpan now, Func<GatewayReport, bool> isSo) => _reports.Exists(report => !IsSilent(report, now) && isSo(report));

    /// <summary>All that is known of every gateway.</summary>
    internal IReadOnlyList<GatewayMemory> Remember() => _reports.ConvertAll(report => report.Remember());

    /// <summary>Brings back what another process knew; a gateway that is known already is left as it is.</summary>
    internal void Resume(IEnumerable<GatewayMemory> all, TimeSpan now)
    {
        foreach (var memory in all)
        {
            if (Find(memory.Gateway) is null && _reports.Count < MaxGateways)
            {
                var report = new GatewayReport(memory.Gateway);
                report.Resume(memory, now);
                _reports.Add(report);
            }
        }
    }

    /// <summary>The report of a gateway, or null.</summary>
    internal GatewayReport? Find(string gateway)
    {
        foreach (var report in _reports)
        {
            if (report.Gateway == gateway)
            {
                return report;
            }
        }

        return null;
    }

    /// <summary>States are declared from best to worst. Of two open breakers the one that stays open longer is worse, of others the one in its state for longer.</summary>
    private static bool IsWorse(BreakerReport a, BreakerReport b)
    {
        if (a.State != b.State)
        {
            return a.State > b.State;
        }

        return a.State == BreakerState.Open ? a.OpenUntil > b.OpenUntil : a.Since < b.Since;
    }

    private static bool IsSilent(GatewayReport report, TimeSpan now) => now - report.HeardAt >= SilentAfter;
}
