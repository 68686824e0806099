namespace Relay.Simulation.Tests;

public sealed class SeedsTests
{
    [Fact]
    public void Explore()
    {
        var campaign = Campaign.Run(1, int.Parse(Environment.GetEnvironmentVariable("SEEDS") ?? "50"));
        var t = campaign.Tally;
        Console.WriteLine($"{campaign.Failed} of {campaign.Seeds} failed; records {t.Records} attempts {t.Attempts} retries {t.Retries} failovers {t.Failovers} probes {t.Probes} refused {t.RetriesRefused} events {campaign.Events} elapsed {campaign.Elapsed} outcomes {string.Join(",", t.Outcomes)}");
        foreach (var g in campaign.Failures.SelectMany(f => f.Violations.Select(v => (f.Seed, v))).GroupBy(x => x.v.Invariant))
        {
            Console.WriteLine($"{g.Key}: {g.Count()} e.g. " + string.Join("\n     ", g.DistinctBy(x => x.Seed).Take(4).Select(x => $"seed {x.Seed} r{x.v.Request} {x.v.What[..Math.Min(300, x.v.What.Length)]}")));
        }
    }
}
