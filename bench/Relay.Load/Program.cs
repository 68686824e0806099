using Relay.Load.Bare;
using Relay.Load.Cli;
using Relay.Load.Driving;
using Relay.Load.Faults;
using Relay.Load.Otlp;
using Relay.Load.Overhead;
using Relay.Load.Overload;
using Relay.Load.Simulating;
using Relay.Load.Slow;
using Relay.Load.Soak;
using Relay.Load.Ttft;
using Relay.Load.Watching;

using var stop = new StopSignals();
try
{
    var arguments = Arguments.Read(args);
    if (arguments.Command is not ("bare" or "sink" or "faults"))
    {
        DriverRuntime.Configure();
    }

    return arguments.Command switch
    {
        "" => await ShowHelpAsync(),
        "overhead" => await OverheadCommand.RunAsync(arguments, stop.Token),
        "load" => await LoadCommand.RunAsync(arguments, stop.Token),
        "targets" => await TargetsCommand.RunAsync(arguments, stop.Token),
        "streams" => await StreamsCommand.RunAsync(arguments, stop.Token),
        "memory" => await MemoryCommand.RunAsync(arguments, stop.Token),
        "overload" => await OverloadCommand.RunAsync(arguments, stop.Token),
        "ttft" => await TtftCommand.RunAsync(arguments, stop.Token),
        "soak" => await SoakCommand.RunAsync(arguments, stop.Token),
        "slow" => await SlowCommand.RunAsync(arguments, stop.Token),
        "watch" => await WatchCommand.RunAsync(arguments, stop.Token),
        "watchers" => await WatchersCommand.RunAsync(arguments, stop.Token),
        "simulate" => await SimulateCommand.RunAsync(arguments, stop.Token),
        "faults" => await FaultsCommand.RunAsync(arguments, stop.Token),
        "bare" => await BareCommand.RunAsync(arguments, stop.Token),
        "sink" => await SinkCommand.RunAsync(arguments, stop.Token),
        _ => throw new UsageException($"There is no command '{arguments.Command}'; there are {string.Join(", ", Help.Commands)}."),
    };
}
catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
{
    return 130;
}
catch (Exception e) when (e is UsageException or IOException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return e is UsageException ? 2 : 1;
}

static async Task<int> ShowHelpAsync()
{
    await Console.Out.WriteLineAsync(Help.Text);
    return 0;
}
