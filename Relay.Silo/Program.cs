using Relay.Silo.Orleans;

await using var silo = SiloApp.Build(args);
await silo.RunAsync();
