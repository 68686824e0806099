using Relay.Cli;
using Relay.Gateway.Config;

return RelayCommand.Run(args, new ProcessEnvironment(), Console.Out, Console.Error);
