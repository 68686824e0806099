using Relay.Gateway.Cluster;

return await GatewayProcess.RunAsync(args, Console.Error);
