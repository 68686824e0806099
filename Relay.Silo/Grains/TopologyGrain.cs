namespace Relay.Silo.Grains;

/// <summary>What one gateway has configured.</summary>
/// <param name="Gateway">The gateway's id, made anew at each start.</param>
/// <param name="ConfigVersion">The version of its configuration.</param>
/// <param name="Models">Its models.</param>
/// <param name="Providers">Its providers, and how their credentials stand with it.</param>
public sealed record TopologyReport(string Gateway, string ConfigVersion, IReadOnlyList<ModelTopology> Models, IReadOnlyList<ProviderReport> Providers);

/// <summary>
/// The single owner of what gateways have configured, for processes that read no configuration themselves. Where gateways differ, as while a
/// change is rolled out, it shows the models of all, each as the gateway has it that started last.
/// </summary>
/// <remarks>Thread-safe. Holds one report for each of at most <see cref="GatewayReports.MaxGateways"/> gateways; one that is silent for <see cref="SilentAfter"/> is forgotten.</remarks>
public sealed class TopologyGrain
{
    /// <summary>A gateway that has not reported for this long is taken for gone: 30 s.</summary>
    public static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly List<(TopologyReport Report, TimeSpan At)> _reports = [];

    /// <summary>Takes over what a gateway has configured.</summary>
    /// <param name="report">What it has.</param>
    /// <param name="now">Monotonic time.</param>
    public void Apply(TopologyReport report, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentException.ThrowIfNullOrEmpty(report.Gateway);
        lock (_gate)
        {
            _reports.RemoveAll(known => now - known.At >= SilentAfter);
            var known = _reports.FindIndex(r => r.Report.Gateway == report.Gateway);
            if (known >= 0)
            {
                _reports[known] = (report, now);
            }
            else if (_reports.Count < GatewayReports.MaxGateways)
            {
                _reports.Add((report, now));
            }
        }
    }

    /// <summary>What all of them have together; its gateway is empty, its version names every version in use.</summary>
    /// <param name="now">Monotonic time.</param>
    public TopologyReport Merge(TimeSpan now)
    {
        lock (_gate)
        {
            _reports.RemoveAll(known => now - known.At >= SilentAfter);
            var all = _reports.ConvertAll(r => r.Report);
            return new(
                "",
                string.Join(", ", all.Select(r => r.ConfigVersion).Distinct().Order(StringComparer.Ordinal)),
                [.. all.SelectMany(r => r.Models).GroupBy(m => m.Model).Select(same => same.Last()).OrderBy(m => m.Model, StringComparer.Ordinal)],
                [.. all.SelectMany(r => r.Providers).GroupBy(p => p.Provider).Select(Merge).OrderBy(p => p.Provider, StringComparer.Ordinal)]);
        }
    }

    /// <summary>Attempts add up; of a credential the gateway's word shows with which it stands worst.</summary>
    private static ProviderReport Merge(IEnumerable<ProviderReport> same)
    {
        var last = same.Last();
        return last with
        {
            Credentials =
            [
                .. same.SelectMany(p => p.Credentials).GroupBy(c => c.Name)
                    .Select(all => all.MaxBy(c => c.State)! with { Attempts = all.Sum(c => c.Attempts) }),
            ],
        };
    }
}
