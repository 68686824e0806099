using Relay.Simulation.Invariants;
using Relay.Simulation.Planted;

namespace Relay.Simulation.Tests;

/// <summary>docs/simulation.md says what is checked.</summary>
public sealed class SimulationPageTests
{
    private static readonly string[] Rows = [.. File.ReadAllLines(Path.Combine(Root(), "docs", "simulation.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal))];

    [Fact]
    public void Page_HasEveryInvariantAndItsMeaning()
    {
        using var world = new World(new RunPlan(1));
        var expected = Invariant.All(world).Select(invariant => $"| `{invariant.Name}` | {invariant.Meaning} |");
        Assert.Equal(expected, Rows.Take(Invariant.Names.Count));
    }

    [Fact]
    public void Page_HasEveryPlantedBugAndWhatFindsIt()
    {
        var bugs = Rows.Skip(Invariant.Names.Count).Select(row => row.Split('|', StringSplitOptions.TrimEntries)).Select(cells => (cells[1].Trim('`'), cells[3].Trim('`')));
        var expected = PlantedBugs.FoundBy.Select(pair => (pair.Key.ToString(), pair.Value)).Append((nameof(PlantedBug.IsNotDetermined), "the hash of two runs of one seed"));
        Assert.Equal(expected, bugs);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "RelayAspire.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("RelayAspire.sln is in no folder above " + AppContext.BaseDirectory);
        }

        return folder.FullName;
    }
}
