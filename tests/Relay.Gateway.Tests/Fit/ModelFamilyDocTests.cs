using System.Globalization;
using Relay.Gateway.Fit;
using Relay.Gateway.Tests.Config;

namespace Relay.Gateway.Tests.Fit;

public sealed class ModelFamilyDocTests
{
    [Fact]
    public void Table_in_the_docs_is_that_of_the_code()
    {
        var section = File.ReadAllText(Path.Combine(ConfigExample.Root, "docs", "dialects.md")).Split("## Models that are known")[1];

        Assert.Equal(ModelFamily.All.Select(Row), section.Split('\n').Where(l => l.StartsWith("| `", StringComparison.Ordinal)));
    }

    private static string Row(ModelFamily family)
    {
        var can = family.Capabilities;
        var fields = family.Parameters.IsEmpty ? "" : family.Parameters.Drop.IsEmpty ? "old limit" : "reasoning";
        return $"| `{family.Prefix}` | {Number(can.ContextWindow)} | {Number(can.MaxOutput)} | {Flag(can.Images)} | {Flag(can.Tools)} | {Flag(can.JsonSchema)} | {fields} | {family.Capabilities.Thinking?.ToString().ToLowerInvariant()} |";
    }

    private static string Number(long? number) => number?.ToString("N0", CultureInfo.InvariantCulture) ?? "";

    private static string Flag(bool? flag) => flag switch { true => "yes", false => "no", null => "" };
}
