using System.Globalization;
using System.Text;
using Relay.Simulation.Planted;
using Relay.Simulation.Tracing;

namespace Relay.Simulation;

/// <summary>What a failed run says: what must not be, how to run it again, and the trace around it.</summary>
internal static class FailureText
{
    private const int MaxLines = 100;
    private const int MaxWhat = 600;

    /// <summary>The text of a failed run; runs it once more for its trace.</summary>
    public static string Of(RunResult result, PlantedBug bug = PlantedBug.None)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Seed {result.Seed}: {result.Violations.Count} violations. Replay:\n  {Command(result.Seed, bug)}\n");
        foreach (var violation in result.Violations)
        {
            var what = violation.What.Length <= MaxWhat ? violation.What : violation.What[..MaxWhat] + "...";
            text.Append(CultureInfo.InvariantCulture, $"  {violation.At.TotalSeconds:0.000000} {violation.Invariant}{(violation.Request < 0 ? "" : $" (r{violation.Request})")}: {what}\n");
        }

        var first = result.Violations[0];
        var replay = SeedRunner.Run(result.Seed, bug, keep: int.MaxValue);
        if (replay.Hash != result.Hash)
        {
            text.Append("The replay ran otherwise: something other than the seed decides.\n");
        }

        var before = replay.Lines.Where(line => line.At <= first.At).ToArray();
        if (first.Request >= 0)
        {
            Append(text, $"Request r{first.Request}:", replay.Lines.Where(line => line.Request == first.Request));
        }

        Append(text, "Before it:", before);
        return text.ToString();
    }

    /// <summary>The command that runs a seed again.</summary>
    public static string Command(ulong seed, PlantedBug bug) => string.Create(
        CultureInfo.InvariantCulture, $"dotnet run -c Release --project bench/Relay.Load -- simulate --seed {seed}{(bug == PlantedBug.None ? "" : $" --plant {bug}")}");

    private static void Append(StringBuilder text, string heading, IEnumerable<TraceEvent> lines)
    {
        text.Append(heading).Append('\n');
        foreach (var line in lines.TakeLast(MaxLines))
        {
            text.Append("  ").Append(line).Append('\n');
        }
    }
}
