using Relay.Core.Errors;
using Relay.Simulation.Client;
using Relay.Simulation.Provider;

namespace Relay.Simulation.Tests;

/// <summary>The seeds that every change must pass; bench/RESULTS.md has those of a longer run.</summary>
public sealed class SeedsTests(SeedsTests.FirstSeeds seeds) : IClassFixture<SeedsTests.FirstSeeds>
{
    private const int Count = 500;

    [Fact]
    public void EveryInvariant_HoldsInEverySeed()
    {
        Assert.Equal(Count, seeds.Campaign.Seeds);
        Assert.True(seeds.Campaign.Failed == 0, string.Join("\n", seeds.Campaign.Failures.Take(3).Select(f => FailureText.Of(f))));
    }

    /// <summary>A run in which nothing happens would pass too.</summary>
    [Fact]
    public void EverythingComesUp_ManyTimes()
    {
        var tally = seeds.Campaign.Tally;
        Assert.All(Enum.GetValues<FaultKind>(), fault => Assert.True(tally.Faults[(int)fault] >= 100, $"{fault}: {tally.Faults[(int)fault]}"));
        Assert.All(Enum.GetValues<Outcome>(), outcome => Assert.True(tally.Outcomes[(int)outcome] >= 1000, $"{outcome}: {tally.Outcomes[(int)outcome]}"));
        Assert.True(tally.Records >= 50_000, $"{tally.Records} records");
        Assert.True(tally.Retries >= 5000 && tally.RetriesRefused >= 1000, $"{tally.Retries} retries, {tally.RetriesRefused} refused");
        Assert.True(tally.Failovers >= 5000 && tally.Rescues >= 1000, $"{tally.Failovers} failovers, {tally.Rescues} rescues");
        Assert.True(tally.Probes >= 1000, $"{tally.Probes} probes");
        ErrorKind[] ofProviders =
        [
            .. ErrorTable.All.Where(row => row.Domain == FaultDomain.Provider && row.Kind != ErrorKind.Tls).Select(row => row.Kind),
            ErrorKind.ClientClosed, ErrorKind.ClientDeadline, ErrorKind.ContextLength, ErrorKind.ContentPolicy, ErrorKind.InvalidRequest,
        ];
        Assert.All(ofProviders, kind => Assert.True(tally.Errors[(int)kind] >= 10, $"{kind}: {tally.Errors[(int)kind]}"));
    }

    /// <summary>Seeds of a longer run that failed once.</summary>
    [Theory]
    [InlineData(7845ul, "a Retry-After that ends with the lease of a probe keeps requests away, not the lease")]
    [InlineData(8874ul, "a flush that is cancelled forgets nothing of a target that an edit removed")]
    public void SeedThatFailedOnce_Holds(ulong seed, string what)
    {
        var result = SeedRunner.Run(seed);
        Assert.True(result.Violations.Count == 0, $"{what}: {string.Join(", ", result.Violations)}");
    }

    /// <summary>One run of them for all tests.</summary>
    public sealed class FirstSeeds
    {
        internal Campaign Campaign { get; } = Campaign.Run(1, Count, Environment.ProcessorCount);
    }
}
