namespace Relay.Cluster.Tests.Kit;

/// <summary>Clients that ask one request after the other, as a load balancer would spread them: only over gateways that say that they are ready.</summary>
internal sealed class ClusterLoad : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly ClusterRig _rig;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private ClusterProcess[] _ready;
    private long _next;
    private long _answered;

    private ClusterLoad(ClusterRig rig, int clients)
    {
        _rig = rig;
        _ready = [.. rig.Gateways];
        _running = Task.WhenAll(Enumerable.Range(0, clients).Select(_ => AskAsync()).Append(LookAsync()));
    }

    /// <summary>Requests that ended with status 200.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>What ended otherwise: status, or 0 for no answer.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Failures { get; } = new();

    public static ClusterLoad Start(ClusterRig rig, int clients = 4) => new(rig, clients);

    /// <summary>Waits until so many more requests were answered: time as the load measures it.</summary>
    public Task MoreAsync(long requests)
    {
        var until = Answered + requests;
        return Eventually.TrueAsync($"{until} requests answered", () => Task.FromResult(Answered >= until), () => string.Join(", ", Failures.Take(10)));
    }

    /// <summary>Ends the load; open requests end first.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task AskAsync()
    {
        await Task.Yield();
        while (!_stop.IsCancellationRequested)
        {
            var ready = Volatile.Read(ref _ready);
            if (ready.Length == 0)
            {
                await Task.Yield();
                continue;
            }

            var gateway = ready[Interlocked.Increment(ref _next) % ready.Length];
            var status = await _rig.AskAsync(gateway);
            if (status == 200)
            {
                Interlocked.Increment(ref _answered);
            }
            else
            {
                Failures.Enqueue($"{gateway.Name}: {status}");
            }
        }
    }

    private async Task LookAsync()
    {
        using var ticks = new PeriodicTimer(Look, TimeProvider.System);
        while (!_stop.IsCancellationRequested)
        {
            ClusterProcess[] all;
            lock (_rig.Gateways)
            {
                all = [.. _rig.Gateways];
            }

            var states = await Task.WhenAll(all.Select(async gateway => (gateway, (await gateway.ReadinessAsync()).IsReady)));
            Volatile.Write(ref _ready, [.. states.Where(s => s.IsReady).Select(s => s.gateway)]);
            await ticks.WaitForNextTickAsync();
        }
    }
}
