using Relay.Simulator;

return await SimulatorProcess.RunAsync(args, Console.Out, Console.Error);
