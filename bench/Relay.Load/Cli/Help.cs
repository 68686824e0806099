using System.Text.RegularExpressions;

namespace Relay.Load.Cli;

/// <summary>The text of --help, which is also the list of options that each command takes.</summary>
internal static partial class Help
{
    /// <summary>The whole text.</summary>
    public const string Text = """
        Relay.Load: measures what a gateway adds. Everything it starts listens on free loopback ports and ends with it.

        Usage: dotnet run -c Release --project bench/Relay.Load -- COMMAND [OPTIONS]

        overhead: Relay against a bare pass-through, nginx and Portkey, interleaved, medians over rounds
          --rounds N        rounds, default 3
          --seconds S       length of each run, default 10
          --warmup S        warm-up of each server and scenario before the first round, default 3
          --connections N   connections of the closed loop, default 32
          --rate N          requests/s of the fixed rate, default 200
          --only LIST       scenarios whose names contain one of: plain,stream,paced,closed,rate
          --servers LIST    of direct,bare,nginx,portkey,relay,bare-h2,relay-h2,relay-anthropic,relay-gemini,relay-otel,relay-otel-all,relay-cluster;
                            default the first five that are installed, and with --h2 the next two; relay-otel and
                            relay-otel-all send telemetry to a sink, spans of 1 % and of all requests;
                            relay-cluster is a gateway with two silos, built with -p:Engine=Orleans
          --h2              adds bare and Relay with HTTP/2 (prior knowledge) to the provider
          --no-coalesce     the simulator sends every chunk of an unpaced stream on its own
          --quick           one round of 1 s, warm-up 1 s
          --out FILE        writes the tables there too

        load: any server
          --url URL         the whole URL, with an address or localhost as host
          --model NAME      default gpt-sim
          --stream          streams
          --header TEXT     name:value; may be repeated
          --rate N          open loop at N requests/s; without it a closed loop
          --connections N   default 32; at most that many for a rate, default 512
          --seconds S       default 10
          --requests N      ends the closed loop earlier

        targets: 2 targets against 200, cost per request
          --rounds N        default 3
          --seconds S       default 10
          --connections N   default 32
          --out FILE        writes the table there too

        streams: resident memory with many streams open at once
          --count N         default 2000
          --hold S          how long they are held, default 10
          --servers LIST    of bare,nginx,portkey,relay; default bare,nginx,relay
          --out FILE        writes the table there too

        memory: resident memory over many requests
          --requests N      default 1000000
          --connections N   default 32
          --stream          streams instead of plain answers
          --out FILE        writes the table there too

        overload: ten times more than Relay may carry, and back
          --limit N         limits.maxConcurrentRequests, default 50
          --service MS      how long the provider takes for an answer, default 100
          --factor N        how many times the capacity arrives, default 10
          --seconds S       how long the overload lasts, default 5; before and after it twice as long at 0.8 of the capacity
          --stream          streams instead of plain answers
          --out FILE        writes the tables there too

        ttft: what Relay adds to the time to first token of paced streams, in turn with the bare pass-through
          --count N         streams through each, default 4000
          --rate N          streams/s, both together, default 40
          --warmup S        closed loop of 32 connections through each before, default 10
          --server NAME     the server that is compared with bare, default relay
          --out FILE        writes the tables there too

        soak: mixed load with faults
          --minutes N       default 10
          --rate N          requests/s, default 100
          --every S         a line each S seconds, default 15
          --out FILE        writes the table there too

        simulate: seeds of the simulation, in virtual time (docs/simulation.md)
          --seeds N         how many, default 10000
          --from N          the first one, default 1
          --threads N       how many at once, default one for each processor
          --seed N          one seed, with the end of its trace
          --plant NAME      a bug to plant; a wrong name lists them
          --planted         at which seed each planted bug is found
          --out FILE        writes the table there too

        faults: the fault exam, sixteen rows at once with the default timings; exit code 1 unless all pass
          --runs N          sits it N times, default 1
          --only LIST       rows such as F08,F14
          --primary NAME    what the primary speaks: openai (default), anthropic or gemini
          --fallback NAME   what the fallback speaks
          --out FILE        writes the scorecard there too

        slow: a primary that becomes slower under load, default settings; exit code 1 unless 95 % move within 5 s and all return
          --rate N          streams/s, default 50
          --factor N        how many times slower, default 4
          --seconds S       for how long, default 60
          --out FILE        writes the table there too

        watch: what live stats cost, with 200 targets: stats calls, and requests with and without watchers, interleaved
          --watchers N      half over gRPC, half over HTTP, default 100
          --rate N          requests/s through the gateway, default 2000
          --calls N         stats calls/s, default 20
          --rounds N        default 3
          --seconds S       length of each run, default 10
          --out FILE        writes the tables there too

        watchers: what watch starts beside itself; ends and tells its figures when it is asked to end
          --api URL         Relay's API
          --grpc URL        the same over gRPC
          --watchers N      who watch, default 0
          --calls N         stats calls/s, default 0
          --model NAME      of the calls that ask for one

        bare: the pass-through that overhead compares with
          --port N          of the first upstream; default a free one
          --upstream URL    without path; may be repeated, each has its own port
          --h2              HTTP/2 with prior knowledge to the upstreams

        sink: the OTLP collector that keeps nothing
          --port N          default a free one
        """;

    /// <summary>The commands.</summary>
    public static IEnumerable<string> Commands => Heading().Matches(Text).Select(match => match.Groups["name"].Value);

    /// <summary>The options of a command, and whether each needs a value.</summary>
    public static IReadOnlyDictionary<string, bool> Options(string command)
    {
        var lines = Text.Split('\n').SkipWhile(line => !line.StartsWith(command + ":", StringComparison.Ordinal)).Skip(1);
        return lines.TakeWhile(line => line.StartsWith("  ", StringComparison.Ordinal))
            .Select(line => Option().Match(line))
            .Where(match => match.Success)
            .ToDictionary(match => match.Groups["name"].Value, match => match.Groups["value"].Success);
    }

    [GeneratedRegex("^(?<name>[a-z]+): ", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1_000)]
    private static partial Regex Heading();

    [GeneratedRegex("^  --(?<name>[a-z0-9-]+)( (?<value>[A-Z]+))?", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Option();
}
