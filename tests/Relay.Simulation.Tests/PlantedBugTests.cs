using Relay.Simulation.Planted;

namespace Relay.Simulation.Tests;

/// <summary>A harness is first shown planted bugs, and must find them.</summary>
public sealed class PlantedBugTests
{
    public static TheoryData<string> Bugs => [.. PlantedBugs.FoundBy.Keys.Select(bug => bug.ToString())];

    [Theory]
    [MemberData(nameof(Bugs))]
    public void PlantedBug_IsFoundByItsInvariantWithinAFewSeeds(string bug) =>
        Assert.InRange(PlantedBugs.FirstSeedThatFinds(Enum.Parse<PlantedBug>(bug)), 1UL, (ulong)PlantedBugs.WithinSeeds);

    [Fact]
    public void EveryBug_HasTheInvariantThatFindsIt() =>
        Assert.Equal(Enum.GetValues<PlantedBug>().Except([PlantedBug.None, PlantedBug.IsNotDetermined]), PlantedBugs.FoundBy.Keys.Order());

    [Fact]
    public void EveryInvariant_FindsAPlantedBug() => Assert.Equal(
        Invariants.Invariant.Names.Order(StringComparer.Ordinal), PlantedBugs.FoundBy.Values.Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void FailureText_HasTheSeedTheCommandAndABoundedTrace()
    {
        var result = SeedRunner.Run(3, PlantedBug.RecordsTwice);
        var text = FailureText.Of(result, PlantedBug.RecordsTwice);

        Assert.StartsWith($"Seed 3: {result.Violations.Count} violations. Replay:\n  dotnet run -c Release --project bench/Relay.Load -- simulate --seed 3 --plant RecordsTwice\n", text, StringComparison.Ordinal);
        Assert.Contains($"OneRecord (r{result.Violations[0].Request}): 2 records in place of 1", text, StringComparison.Ordinal);
        Assert.Contains($" r{result.Violations[0].Request}", text, StringComparison.Ordinal);
        Assert.InRange(text.Split('\n').Length, 20, 300);
    }
}
