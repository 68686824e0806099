using Relay.Cli;
using Relay.Cli.CommandLine;
using Relay.Cli.Top.Terminal;
using Relay.Gateway.Config;

using var bytes = StandardOutput.Open();
using var terminal = SystemTerminal.TryOpen(bytes);
return RelayCommand.Run(args, new ProcessEnvironment(), StandardOutput.Writer(bytes), Console.Error, TimeProvider.System, terminal);
