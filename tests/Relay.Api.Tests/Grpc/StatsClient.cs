using System.Net;
using Google.Protobuf;
using Relay.Grpc;
using Relay.Grpc.Client;
using Relay.V1;

namespace Relay.Api.Tests.Grpc;

/// <summary>Calls relay.v1.Stats of a running API by the names of its methods.</summary>
internal sealed class StatsClient(IPEndPoint server) : IDisposable
{
    private readonly GrpcClient _client = new(new Uri($"http://{server}"), TimeProvider.System);

    public Task<TResponse> CallAsync<TRequest, TResponse>(TRequest request, string? authorization = null)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>, new()
    {
        var method = StatsReflection.Descriptor.Services[0].Methods.Single(method => method.InputType.ClrType == typeof(TRequest));
        var options = new GrpcCallOptions { Metadata = authorization is null ? [] : [new("authorization", authorization)] };
        return _client.UnaryAsync<TRequest, TResponse>(method, request, options, Patience.Token);
    }

    public IAsyncEnumerable<StatsFrame> WatchAsync(WatchStatsRequest request, CancellationToken cancellation) =>
        _client.StreamAsync<WatchStatsRequest, StatsFrame>(StatsReflection.Descriptor.Services[0].FindMethodByName("WatchStats"), request, cancellation: cancellation);

    public async Task<GrpcStatus> FailAsync<TRequest, TResponse>(TRequest request, string? authorization = null)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>, new() =>
        (await Assert.ThrowsAsync<GrpcException>(() => CallAsync<TRequest, TResponse>(request, authorization))).Status;

    public void Dispose() => _client.Dispose();
}
