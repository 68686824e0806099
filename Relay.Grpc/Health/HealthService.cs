using Relay.Core.Errors;
using Relay.Grpc.Server;
using Relay.Grpc.Wire.Health;
using static Relay.Grpc.Wire.Health.HealthCheckResponse.Types;

namespace Relay.Grpc.Health;

/// <summary>
/// <c>grpc.health.v1.Health</c>: tells load balancers whether to send calls here. Everything serves until it is said otherwise, and nothing
/// does any more once the server begins to stop. Thread-safe.
/// </summary>
public sealed class HealthService
{
    /// <summary>The name of the server as a whole.</summary>
    public const string Whole = "";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, bool> _serving;
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>Creates it.</summary>
    /// <param name="services">The full names that can be asked for, besides <see cref="Whole"/>.</param>
    public HealthService(params IEnumerable<string> services)
    {
        _serving = services.Prepend(Whole).ToDictionary(name => name, _ => true);
        Service = new GrpcService(HealthReflection.Descriptor.Services[0]) { Around = SmallRequests.Around }
            .Unary<HealthCheckRequest, HealthCheckResponse>("Check", Check)
            .ServerStream<HealthCheckRequest, HealthCheckResponse>("Watch", WatchAsync);
    }

    /// <summary>The service, to be served.</summary>
    public GrpcService Service { get; }

    /// <summary>Says whether a service takes calls.</summary>
    /// <exception cref="ArgumentException">No such service.</exception>
    public void Set(string service, bool isServing)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            if (!_serving.TryGetValue(service, out var before))
            {
                throw new ArgumentException($"'{service}' is no service here.", nameof(service));
            }

            if (before == isServing)
            {
                return;
            }

            _serving[service] = isServing;
            changed = _changed;
            _changed = NewSignal();
        }

        changed.SetResult();
    }

    private ValueTask<HealthCheckResponse> Check(HealthCheckRequest request, GrpcCall call)
    {
        var status = Read(request.Service, call, out _);
        return status == ServingStatus.ServiceUnknown
            ? throw new GrpcException(new GrpcStatus(GrpcStatusCode.NotFound, ErrorKind.InvalidRequest, "There is no such service."))
            : ValueTask.FromResult(new HealthCheckResponse { Status = status });
    }

    private async ValueTask WatchAsync(HealthCheckRequest request, IGrpcWriter<HealthCheckResponse> writer, GrpcCall call)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(call.Cancellation, call.Stopping);
        ServingStatus? sent = null;
        while (true)
        {
            // A watcher that is too slow misses changes, never the latest one.
            var status = Read(request.Service, call, out var changed);
            if (status != sent)
            {
                await writer.WriteAsync(new HealthCheckResponse { Status = status });
                sent = status;
            }

            if (call.Stopping.IsCancellationRequested)
            {
                throw new GrpcException(new GrpcStatus(GrpcStatusCode.Unavailable, ErrorKind.None, "The server is stopping."));
            }

            await changed.WaitAsync(end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            call.Cancellation.ThrowIfCancellationRequested();
        }
    }

    private ServingStatus Read(string service, GrpcCall call, out Task changed)
    {
        lock (_gate)
        {
            changed = _changed.Task;
            return !_serving.TryGetValue(service, out var isServing) ? ServingStatus.ServiceUnknown
                : isServing && !call.Stopping.IsCancellationRequested ? ServingStatus.Serving
                : ServingStatus.NotServing;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
