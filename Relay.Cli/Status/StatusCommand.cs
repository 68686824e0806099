using System.CommandLine;
using Relay.Cli.Server;

namespace Relay.Cli.Status;

/// <summary><c>relay status</c>: is it up, and is it well?</summary>
internal static class StatusCommand
{
    private const string Description = """
        Says whether a Relay is up and well: versions, models, breakers that are not closed, success of the last minute.

        Exit code: 0 healthy; 1 degraded (a breaker is open, half-open or not known, a model has no target with a closed breaker, or the
        server says that it is not ready); 2 wrong command line; 3 no answer.

        Examples:
          relay status
          relay status --address gateway.internal:8091
          relay status --json | jq -r '.problems[]'
          relay status > /dev/null || echo "look at Relay"
        """;

    public static Command Create(TimeProvider time)
    {
        var address = AddressOption.Create();
        var json = new Option<bool>("--json") { Description = "Print one JSON object instead of text." };
        var command = new Command("status", Description) { address, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var where = parsed.GetValue(address)!;
            var isJson = parsed.GetValue(json);
            var output = parsed.InvocationConfiguration.Output;
            using var server = new StatsServer(where, time);
            try
            {
                var report = await StatusReport.AskAsync(server, cancellation);
                await output.WriteLineAsync(isJson ? StatusJson.Write(report) : StatusText.Write(report));
                return report.IsHealthy ? RelayCommand.Ok : RelayCommand.Degraded;
            }
            catch (ServerProblem problem)
            {
                await (isJson ? output.WriteLineAsync(StatusJson.WriteUnreachable(where, problem.Message)) : parsed.InvocationConfiguration.Error.WriteLineAsync($"relay: {problem.Message}"));
                return RelayCommand.Unreachable;
            }
        });
        return command;
    }
}
