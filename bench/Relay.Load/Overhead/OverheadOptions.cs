using Relay.Load.Cli;
using Relay.Load.Servers;

namespace Relay.Load.Overhead;

/// <summary>The options of <c>overhead</c>.</summary>
internal sealed record OverheadOptions(
    int Rounds, TimeSpan Seconds, TimeSpan WarmUp, int Connections, double Rate, IReadOnlyList<Scenario> Scenarios, IReadOnlyList<string> Servers, bool Coalesce)
{
    /// <summary>Connections of the fixed rate at most: far more than are ever busy, unless a server stalls.</summary>
    public const int RateConnections = 1_024;

    /// <summary>Reads them.</summary>
    public static OverheadOptions Read(Arguments arguments)
    {
        var quick = arguments.Has("quick");
        var servers = arguments.Text("servers")?.Split(',', StringSplitOptions.TrimEntries)
            ?? Contenders.Names.Where(n => !n.Contains('-', StringComparison.Ordinal) || (arguments.Has("h2") && n.EndsWith("-h2", StringComparison.Ordinal))).ToArray();
        return new(
            Math.Max(1, arguments.Whole("rounds", quick ? 1 : 3)),
            arguments.Seconds("seconds", quick ? 1 : 10),
            arguments.Seconds("warmup", quick ? 1 : 3),
            Math.Max(1, arguments.Whole("connections", 32)),
            arguments.Number("rate", 200),
            Scenario.Select(arguments.Text("only")),
            servers,
            !arguments.Has("no-coalesce"));
    }
}
