using Relay.Grpc.Wire.Health;

namespace Relay.Grpc.Client;

/// <summary>Asks a server for its health, as load balancers do.</summary>
public static class HealthClient
{
    /// <summary>True when the service takes calls (<c>grpc.health.v1.Health/Check</c>).</summary>
    /// <param name="client">The client.</param>
    /// <param name="service">The service's full name; empty for the server as a whole.</param>
    /// <param name="options">What goes with the call.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="GrpcException">The call did not go well: <see cref="GrpcStatusCode.NotFound"/> when there is no such service.</exception>
    public static async Task<bool> IsServingAsync(this GrpcClient client, string service, GrpcCallOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        var method = HealthReflection.Descriptor.Services[0].FindMethodByName("Check");
        var answer = await client.UnaryAsync<HealthCheckRequest, HealthCheckResponse>(method, new HealthCheckRequest { Service = service }, options, cancellation);
        return answer.Status == HealthCheckResponse.Types.ServingStatus.Serving;
    }
}
