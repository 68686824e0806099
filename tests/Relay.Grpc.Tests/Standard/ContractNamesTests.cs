using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;
using Relay.Grpc.Tests.Clients;

namespace Relay.Grpc.Tests.Standard;

/// <summary>The stats have the same names over gRPC as over HTTP: every field of docs/api.md is a field of its message.</summary>
public sealed partial class ContractNamesTests
{
    private static readonly Dictionary<string, MessageDescriptor> Messages = new()
    {
        ["Answer"] = V1.ListModelsResponse.Descriptor,
        ["Model"] = V1.ModelFigures.Descriptor,
        ["Target"] = V1.TargetFigures.Descriptor,
        ["Figures"] = V1.Figures.Descriptor,
        ["Distribution"] = V1.Distribution.Descriptor,
        ["Tokens"] = V1.Tokens.Descriptor,
        ["Breaker"] = V1.Breaker.Descriptor,
        ["Targets"] = V1.ListTargetsResponse.Descriptor,
        ["Breakers of all"] = V1.ListBreakersResponse.Descriptor,
        ["Target breaker"] = V1.TargetBreaker.Descriptor,
        ["Transition"] = V1.BreakerTransition.Descriptor,
        ["Failovers answer"] = V1.ListFailoversResponse.Descriptor,
        ["Failover"] = V1.Failover.Descriptor,
        ["Heat-map"] = V1.Heatmap.Descriptor,
        ["Column"] = V1.HeatmapColumn.Descriptor,
        ["Series"] = V1.Series.Descriptor,
        ["Point"] = V1.SeriesPoint.Descriptor,
        ["Info"] = V1.GetInfoResponse.Descriptor,
    };

    /// <summary>What stands elsewhere in the message, or in a unit that keeps it exact.</summary>
    private static readonly Dictionary<string, string> Renamed = new()
    {
        ["costUsd"] = "costNanoUsd",
        ["wastedCostUsd"] = "wastedCostNanoUsd",
        ["Model.attempts"] = "requests",
    };

    public static TheoryData<string> Sections => [.. Messages.Keys];

    [Theory]
    [MemberData(nameof(Sections))]
    public void EveryFieldOfTheSection_IsInItsMessage(string section)
    {
        var documented = Fields(File.ReadAllText(Path.Combine(ClientProgram.Protos, "..", "docs", "api.md")), section).ToArray();
        var fields = Messages[section].Fields.InDeclarationOrder();
        var known = fields.Select(field => field.JsonName).Concat(fields.Select(field => field.Name)).ToHashSet();

        Assert.NotEmpty(documented);
        foreach (var name in documented)
        {
            Assert.Contains(Renamed.GetValueOrDefault($"{section}.{name}", Renamed.GetValueOrDefault(name, name)), known);
        }
    }

    private static IEnumerable<string> Fields(string page, string section) =>
        from part in page.Split("\n## ").SelectMany(part => part.Split("\n### "))
        where part.StartsWith(section + "\n", StringComparison.Ordinal)
        from Match row in Row().Matches(part)
        select row.Groups["name"].Value;

    [GeneratedRegex(@"^\| `(?<name>\w+)` \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Row();
}
