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
public sealed class ShowTests
{
    [Fact]
    public void Show()
    {
        var result = Simulation.Run(ulong.Parse(Environment.GetEnvironmentVariable("SEED")!));
        if (Environment.GetEnvironmentVariable("REQ") is { Length: > 0 } req)
        {
            var done = new ManualResetEventSlim();
            new Thread(() =>
            {
                using var world = new World(new RunPlan(result.Seed), 0);
                world.Run();
                var b = world.Clients[int.Parse(req)]!;
                Console.WriteLine(System.Text.Encoding.UTF8.GetString(b.Bytes.Span));
                Console.WriteLine(world.Referee.Books.First(x => x.Index == int.Parse(req)).Records[0]);
                Console.WriteLine(string.Join("\n", world.Referee.Books.First(x => x.Index == int.Parse(req)).Records[0].Attempts));
                foreach (var t in world.Plan.Targets) { Console.WriteLine(t.Index + " " + t.Quirks); }
                done.Set();
            }, 16 << 20).Start();
            done.Wait();
        }

        Console.WriteLine(result.Violations.Count == 0 ? "passed" : FailureText.Of(result));
    }
}

public sealed class PlantedExploreTests
{
    [Fact]
    public void Planted()
    {
        foreach (var bug in Enum.GetValues<Relay.Simulation.Planted.PlantedBug>().Skip(1))
        {
            var found = 0;
            var by = new Dictionary<string, int>();
            var first = -1;
            for (var seed = 1; seed <= 40; seed++)
            {
                var r = Simulation.Run((ulong)seed, bug);
                if (r.Violations.Count > 0)
                {
                    found++;
                    first = first < 0 ? seed : first;
                    foreach (var n in r.Violations.Select(v => v.Invariant).Distinct()) by[n] = by.GetValueOrDefault(n) + 1;
                }
            }

            Console.WriteLine($"{bug}: found in {found} of 40, first {first}: {string.Join(", ", by.OrderByDescending(x => x.Value).Select(x => x.Key + " " + x.Value))}");
        }
    }
}
