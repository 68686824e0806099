using Relay.ServiceDefaults.Telemetry;
using Relay.Silo.Orleans;

await using var telemetry = RelayTelemetry.Start();
await using var silo = SiloApp.Build(args, telemetry);
await silo.RunAsync();
