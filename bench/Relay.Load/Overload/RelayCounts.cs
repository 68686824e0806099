using System.Globalization;

namespace Relay.Load.Overload;

/// <summary>What Relay itself counted, from its /metrics.</summary>
/// <param name="Served">Requests that it admitted and answered with 200.</param>
/// <param name="Failed">Requests that it admitted and answered otherwise.</param>
/// <param name="Shed">Requests that it shed.</param>
internal sealed record RelayCounts(long Served, long Failed, long Shed)
{
    /// <summary>Asks for them.</summary>
    public static async Task<RelayCounts> ReadAsync(Uri api, CancellationToken stop)
    {
        using var http = new HttpClient();
        var text = await http.GetStringAsync(new Uri(api, "/metrics"), stop);
        var served = Sum(text, "llm_requests_total{", "status=\"200\"");
        return new(served, Sum(text, "llm_requests_total{", "") - served, Sum(text, "relay_rejected_requests_total{", "error_type=\"overloaded\""));
    }

    /// <summary>What was counted since.</summary>
    public RelayCounts Since(RelayCounts before) => new(Served - before.Served, Failed - before.Failed, Shed - before.Shed);

    private static long Sum(string text, string family, string label) => text.Split('\n')
        .Where(line => line.StartsWith(family, StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal))
        .Sum(line => long.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture));
}
