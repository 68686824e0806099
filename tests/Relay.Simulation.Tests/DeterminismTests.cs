using Relay.Simulation.Planted;

namespace Relay.Simulation.Tests;

/// <summary>A seed decides everything; otherwise it would replay nothing.</summary>
public sealed class DeterminismTests
{
    private static readonly ulong[] Some = [.. Enumerable.Range(0, 12).Select(i => 10_001UL + (ulong)i)];

    [Fact]
    public void SameSeed_RunsTheSameEventForEvent()
    {
        foreach (var seed in Some)
        {
            var (first, second) = (SeedRunner.Run(seed), SeedRunner.Run(seed, keep: int.MaxValue));
            Assert.Equal((first.Hash, first.Events, first.Elapsed), (second.Hash, second.Events, second.Elapsed));
        }
    }

    [Fact]
    public void OtherSeeds_RunOtherwise() => Assert.Equal(Some.Length, Some.Select(seed => SeedRunner.Run(seed).Hash).Distinct().Count());

    [Fact]
    public void SomethingElseThatDecides_ChangesTheHash() => Assert.Contains(Some, seed =>
        SeedRunner.Run(seed, PlantedBug.IsNotDetermined).Hash != SeedRunner.Run(seed, PlantedBug.IsNotDetermined).Hash);

    [Fact]
    public void RunsSideBySide_DoNotTouchEachOther()
    {
        var alone = Some.Select(seed => SeedRunner.Run(seed).Hash).ToArray();
        var beside = Some.AsParallel().AsOrdered().WithDegreeOfParallelism(4).Select(seed => SeedRunner.Run(seed).Hash).ToArray();
        Assert.Equal(alone, beside);
    }
}
