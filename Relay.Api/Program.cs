using Relay.Api.Cluster;

return await ApiProcess.RunAsync(Console.Error);
