using System.Runtime.InteropServices;

namespace Relay.Simulator;

/// <summary>The simulator as a process: arguments in, one ready line out, stops on SIGTERM or SIGINT.</summary>
internal static class SimulatorProcess
{
    private const int BadArguments = 2;
    private const int CannotStart = 1;

    /// <summary>Runs until a signal; the result is the exit code.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var line = CommandLine.Read(args, Environment.GetEnvironmentVariable);
        if (line.HelpAsked)
        {
            await output.WriteAsync(Help.Text);
            return 0;
        }

        if (line.Problems.Count > 0)
        {
            await error.WriteLineAsync(string.Join('\n', line.Problems));
            return BadArguments;
        }

        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        try
        {
            await using var server = await SimulatorServer.StartAsync(line.Options);
            server.Faults.Set(line.Faults);
            await output.WriteLineAsync($"{line.Options.Name} ready at {server.BaseUrl}{(server.Http2Url is { } h2 ? $" and h2c {h2}" : "")}");
            await output.FlushAsync();
            await stop.Task;
            return 0;
        }
        catch (IOException e)
        {
            await error.WriteLineAsync($"cannot start: {e.Message}");
            return CannotStart;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.TrySetResult();
        }
    }
}
