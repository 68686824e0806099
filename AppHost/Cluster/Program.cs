using Aspire.Hosting;
using Relay.AppHost.Cluster;

var builder = DistributedApplication.CreateBuilder(args);
builder.AddRelay();
await builder.Build().RunAsync();
