using System.Globalization;
using System.Text;
using Relay.Core.Errors;
using Relay.Load.Cli;
using Relay.Simulation;
using Relay.Simulation.Client;
using Relay.Simulation.Planted;
using Relay.Simulation.Provider;

namespace Relay.Load.Simulating;

/// <summary><c>simulate</c>: runs seeds of the simulation in virtual time, or one of them with its trace. No sockets, no other process.</summary>
internal static class SimulateCommand
{
    private const int MaxShown = 5;

    /// <summary>Runs and prints; 1 when an invariant did not hold, or a planted bug was not found.</summary>
    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        if (arguments.Has("planted"))
        {
            return await ShowPlantedAsync(arguments, stop);
        }

        var bug = BugOf(arguments);
        return arguments.Has("seed")
            ? await ShowOneAsync(SeedOf(arguments, "seed", 1), bug)
            : await RunManyAsync(arguments, bug, stop);
    }

    private static async Task<int> ShowOneAsync(ulong seed, PlantedBug bug)
    {
        var result = SeedRunner.Run(seed, bug, keep: 200);
        if (result.Violations.Count > 0)
        {
            await Console.Out.WriteLineAsync(FailureText.Of(result, bug));
            return 1;
        }

        var text = new StringBuilder();
        foreach (var line in result.Lines)
        {
            text.Append(line).Append('\n');
        }

        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{text}\nSeed {seed} passes: {result.Tally.Records} requests, {result.Tally.Attempts} attempts, {result.Elapsed.TotalSeconds:0.000} s of virtual time, {result.Events} events (the last ones above), hash {result.Hash:x16}."));
        return 0;
    }

    private static async Task<int> RunManyAsync(Arguments arguments, PlantedBug bug, CancellationToken stop)
    {
        var count = arguments.Whole("seeds", 10_000);
        var first = SeedOf(arguments, "from", 1);
        var threads = Math.Max(1, arguments.Whole("threads", Environment.ProcessorCount));
        var (start, told) = (Clock.Now, Clock.Now);
        var campaign = Campaign.Run(first, count, threads, bug, Tell, stop);
        var seconds = Clock.Seconds(start, Clock.Now);
        await Report.WriteAsync(Text(campaign, first, seconds), arguments.Text("out"), CancellationToken.None);
        foreach (var failure in campaign.Failures.Take(MaxShown))
        {
            await Console.Out.WriteLineAsync(FailureText.Of(failure, bug));
        }

        stop.ThrowIfCancellationRequested();
        return campaign.Failed == 0 ? 0 : 1;

        void Tell(Campaign so)
        {
            if (Clock.Seconds(told, Clock.Now) >= 5)
            {
                told = Clock.Now;
                Console.Error.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{so.Seeds:N0} of {count:N0} seeds, {so.Failed} failed, {so.Tally.Records:N0} requests, {so.Elapsed.TotalHours:0.0} virtual hours, {Clock.Seconds(start, told):0} s"));
            }
        }
    }

    private static async Task<int> ShowPlantedAsync(Arguments arguments, CancellationToken stop)
    {
        var missed = 0;
        var table = new MarkdownTable("planted bug", "found by", "at seed");
        foreach (var (bug, invariant) in PlantedBugs.FoundBy)
        {
            stop.ThrowIfCancellationRequested();
            var seed = PlantedBugs.FirstSeedThatFinds(bug);
            missed += seed == 0 ? 1 : 0;
            table.Add(bug.ToString(), invariant, seed == 0 ? "not found" : seed.ToString(CultureInfo.InvariantCulture));
        }

        await Report.WriteAsync(table.ToString(), arguments.Text("out"), stop);
        return missed == 0 ? 0 : 1;
    }

    private static string Text(Campaign campaign, ulong first, double seconds)
    {
        var tally = campaign.Tally;
        var table = new MarkdownTable("", "");
        table.Add("seeds", string.Create(CultureInfo.InvariantCulture, $"{campaign.Seeds:N0}, from {first}"));
        table.Add("seeds in which an invariant did not hold", Figures.Number(campaign.Failed));
        table.Add("virtual time, hours", Figures.Number(campaign.Elapsed.TotalHours, 1));
        table.Add("wall time, seconds", Figures.Number(seconds));
        table.Add("requests", Figures.Number(tally.Records));
        table.Add("attempts", Figures.Number(tally.Attempts));
        table.Add("retries; refused by the budget", $"{Figures.Number(tally.Retries)}; {Figures.Number(tally.RetriesRefused)}");
        table.Add("requests that another target had to answer", Figures.Number(tally.Failovers));
        table.Add("attempts to go on with a broken stream; streams rescued", $"{Figures.Number(tally.Rescues)}; {Figures.Number(tally.Rescued)}");
        table.Add("probes of half-open breakers", Figures.Number(tally.Probes));
        table.Add("clients answered, exactly", Figures.Number(tally.Outcomes[(int)Outcome.Answered]));
        table.Add("clients told an error", Figures.Number(tally.Outcomes[(int)Outcome.Told]));
        table.Add("clients whose answer broke off and said so", Figures.Number(tally.Outcomes[(int)Outcome.Broken]));
        table.Add("clients that left before any of these", Figures.Number(tally.Outcomes[(int)Outcome.None]));
        var faults = Enum.GetValues<FaultKind>().Skip(1).OrderByDescending(f => tally.Faults[(int)f]).Select(f => $"{f} {Figures.Number(tally.Faults[(int)f])}");
        var errors = ErrorTable.All.Skip(1).Where(r => tally.Errors[(int)r.Kind] > 0).OrderByDescending(r => tally.Errors[(int)r.Kind]).Select(r => $"{r.Label} {Figures.Number(tally.Errors[(int)r.Kind])}");
        return $"{table}\nFaults that attempts met: {string.Join(", ", faults)}.\n\nErrors of requests: {string.Join(", ", errors)}.\n";
    }

    private static PlantedBug BugOf(Arguments arguments) =>
        arguments.Text("plant") is not { } name ? PlantedBug.None
        : Enum.TryParse<PlantedBug>(name, out var bug) ? bug
        : throw new UsageException($"--plant: there is no '{name}'; there are {string.Join(", ", Enum.GetNames<PlantedBug>().Skip(1))}.");

    private static ulong SeedOf(Arguments arguments, string option, ulong otherwise) =>
        arguments.Text(option) is not { } text ? otherwise
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed
        : throw new UsageException($"--{option}: '{text}' is no whole number from 0 on.");
}
