using Microsoft.Extensions.Logging;
using Relay.Grpc.Health;

namespace Relay.Api.Grpc;

/// <summary>Keeps <c>grpc.health.v1.Health</c> true: looks every 5 s whether the grains answer, as <c>/readyz</c> does when it is asked.</summary>
internal sealed class GrpcReadiness(HealthService health, Func<CancellationToken, Task<string?>> check, TimeProvider time, ILogger log, CancellationToken stopping)
{
    /// <summary>The time between two looks: 5 s.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <summary>Looks until the server stops.</summary>
    public async Task RunAsync()
    {
        var wasReady = true;
        while (!stopping.IsCancellationRequested)
        {
            string? fault;
            try
            {
                fault = await check(stopping);
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                return;
            }

            if (fault is not null && wasReady)
            {
                Log.NotReady(log, fault);
            }

            wasReady = fault is null;
            health.Set(HealthService.Whole, wasReady);
            health.Set(StatsService.Name, wasReady);
            await Task.Delay(Every, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
