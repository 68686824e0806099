using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Relay.AppHost.Cluster;

/// <summary>
/// The cluster as Aspire starts it:
/// <code>
///   clients -> gateway x 2 --deltas, views--> silo x 2 &lt;--figures-- api
///                 |                              |
///          simulators (demo)                   redis: who is in the cluster
/// </code>
/// Each arrow is a reference here, and becomes settings in the process's environment; docs/cluster.md names them.
/// </summary>
public static class AspireHost
{
    /// <summary>How many silos and gateways are started when <c>Replicas</c> is not set.</summary>
    public const int DefaultReplicas = 2;

    /// <summary>Adds every part of Relay.</summary>
    /// <param name="builder">The application.</param>
    public static void AddRelay(this IDistributedApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var replicas = builder.Configuration.GetValue("Replicas", DefaultReplicas);
        var redis = builder.AddRedis("redis");
        var ledger = builder.AddPostgres("postgres").AddDatabase("relay");
        var orleans = builder.AddOrleans("relay-cluster").WithClusterId("relay").WithServiceId("relay").WithClustering(redis);

        // Made once and kept with the user's secrets; it is shown on the dashboard, under the parameters.
        var adminToken = builder.AddParameter("admin-token", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);

        var silo = builder.AddPart("silo", "Relay.Silo")
            .WithReference(orleans)
            .WithHttpEndpoint(name: "http")
            .WithHttpHealthCheck("/readyz")
            .WithReplicas(replicas)
            .WaitFor(redis);

        var gateway = builder.AddPart("gateway", "Relay.Gateway")
            .WithReference(orleans.AsClient())
            .WithReference(ledger)
            .WithEnvironment("RELAY_CONFIG", builder.ConfigFile())
            .WithHttpEndpoint(port: 8080, name: "http")
            .WithHttpEndpoint(port: 8081, name: "grpc", env: "RELAY_LISTEN_GRPC")
            .WithHttpHealthCheck("/readyz", endpointName: "http")
            .WithUrlForEndpoint("http", static url => url.DisplayText = "OpenAI base URL (add /v1)")
            .WithReplicas(replicas)
            .WaitFor(silo)
            .WaitFor(ledger);

        var api = builder.AddPart("api", "Relay.Api")
            .WithReference(orleans.AsClient())
            .WithReference(ledger)
            .WithEnvironment("RELAY_GATEWAY_URL", gateway.GetEndpoint("http"))
            .WithEnvironment("RELAY_ADMIN_TOKEN", adminToken)
            .WithHttpEndpoint(port: 8090, name: "http")
            .WithHttpEndpoint(port: 8091, name: "grpc", env: "RELAY_LISTEN_API_GRPC")
            .WithHttpHealthCheck("/readyz", endpointName: "http")
            .WithUrlForEndpoint("http", static url => url.DisplayText = "Live page")
            .WaitFor(silo)
            .WaitFor(ledger);

        api.WithCommand(
            "reset-breakers",
            "Reset all breakers",
            command => ResetAsync(api.GetEndpoint("http"), adminToken.Resource, command.CancellationToken),
            new CommandOptions { Description = "Closes every breaker that is open or held, at all gateways.", IconName = "ArrowReset" });

        builder.AddSimulator("sim-a", 9101);
        builder.AddSimulator("sim-b", 9102);
    }

    private static async Task<ExecuteCommandResult> ResetAsync(EndpointReference api, ParameterResource adminToken, CancellationToken cancellation)
    {
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri(api.Url) };
            await BreakerReset.ResetAllAsync(http, await adminToken.GetValueAsync(cancellation) ?? "", cancellation);
            return CommandResults.Success();
        }
        catch (HttpRequestException e)
        {
            return CommandResults.Failure($"The API did not reset the breakers: {e.Message}");
        }
    }

    /// <summary>A provider of the demo, with the commands that break and mend it.</summary>
    private static void AddSimulator(this IDistributedApplicationBuilder builder, string name, int port) => builder
        .AddPart(name, "Relay.Simulator")
        .WithArgs("--name", name, "--port", port.ToString(System.Globalization.CultureInfo.InvariantCulture))
        .WithHttpEndpoint(port: port, name: "http", isProxied: false)
        .WithHttpHealthCheck("/control/requests")
        .WithHttpCommand("/control/unplug", "Pull the plug", commandOptions: Post("PlugDisconnected"))
        .WithHttpCommand("/control/plug", "Put the plug back", commandOptions: Post("PlugConnected"));

    private static HttpCommandOptions Post(string icon) => new() { Method = HttpMethod.Post, IconName = icon, IsHighlighted = true };

    /// <summary>One of the solution's programs. It is built by the engine's own settings, which its process must therefore see.</summary>
    private static IResourceBuilder<ProjectResource> AddPart(this IDistributedApplicationBuilder builder, string name, string project) => builder
        .AddProject(name, $"../{project}/{project}.csproj", launchProfileName: null)
        .WithEnvironment("Engine", "Orleans");

    /// <summary>RELAY_CONFIG, else relay.json in the working folder, else the demo's.</summary>
    private static string ConfigFile(this IDistributedApplicationBuilder builder)
    {
        var named = builder.Configuration["RELAY_CONFIG"];
        var local = Path.GetFullPath("relay.json");
        return !string.IsNullOrEmpty(named) ? Path.GetFullPath(named)
            : File.Exists(local) ? local
            : Path.Combine(builder.AppHostDirectory, "Demo", "demo.json");
    }
}
