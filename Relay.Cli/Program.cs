using System.Text;
using Relay.Cli;
using Relay.Cli.CommandLine;
using Relay.Cli.Top.Terminal;
using Relay.Gateway.Config;

await using var bytes = StandardOutput.Open();
await using var output = new StreamWriter(bytes, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
using var terminal = SystemTerminal.TryOpen(bytes);
return RelayCommand.Run(args, new ProcessEnvironment(), output, Console.Error, TimeProvider.System, terminal);
