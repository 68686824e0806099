using Relay.AppHost;
using Relay.Gateway.Config;
using Relay.ServiceDefaults;

var start = StartOptions.Read(args, new ProcessEnvironment());
if (start.Text is not null)
{
    await (start.ExitCode == 0 ? Console.Out : Console.Error).WriteLineAsync(start.Text);
    return start.ExitCode;
}

using var signals = new ShutdownSignals();
await using var host = new EmbeddedHost(start.Config);
return await host.RunAsync(Console.Out, Console.Error, signals.Token);
