using Relay.Silo.Grains;
using Relay.Silo.Orleans.Wire;

namespace Relay.Silo.Orleans;

/// <summary>Keeps gateways' topology in the cluster, and the cluster's in processes that have none of their own. Ends when it is disposed.</summary>
public sealed class TopologyExchange : ITopology, IAsyncDisposable
{
    /// <summary>The time between two exchanges: 1 s.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly string _id = Guid.NewGuid().ToString("N");
    private readonly ClusterLink _link;
    private readonly ITopology? _own;
    private readonly Task _running;
    private TopologyReport _seen = new("", "", [], []);

    private TopologyExchange(ClusterLink link, ITopology? own)
    {
        (_link, _own) = (link, own);
        _running = RunAsync();
    }

    /// <inheritdoc/>
    public IReadOnlyList<ModelTopology> Models => Volatile.Read(ref _seen).Models;

    /// <inheritdoc/>
    public IReadOnlyList<ProviderReport> Providers => Volatile.Read(ref _seen).Providers;

    /// <inheritdoc/>
    public string ConfigVersion => Volatile.Read(ref _seen).ConfigVersion;

    /// <summary>Tells the cluster what this gateway has.</summary>
    public static TopologyExchange Tell(ClusterLink link, ITopology own) => new(link, own);

    /// <summary>Reads what the gateways have; the last answer stays while the cluster is away.</summary>
    public static TopologyExchange Read(ClusterLink link) => new(link, null);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using var ticks = new PeriodicTimer(Interval, TimeProvider.System);
        do
        {
            try
            {
                await ExchangeAsync().WaitAsync(ClusterSettings.CallLimit, TimeProvider.System, _stop.Token);
            }
            catch (Exception) when (!_stop.IsCancellationRequested)
            {
                // The cluster is away, which the flusher and readiness tell; the next tick tries again.
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
        while (await ticks.WaitForNextTickAsync(CancellationToken.None));
    }

    private async Task ExchangeAsync()
    {
        if (_link.Client?.GetGrain<ITopologyGrain>(ITopologyGrain.Key) is not { } grain)
        {
            return;
        }

        if (_own is not null)
        {
            await grain.ApplyAsync(TopologyWire.Of(new(_id, _own.ConfigVersion, _own.Models, _own.Providers)));
            return;
        }

        Volatile.Write(ref _seen, (await grain.GetAsync()).ToPlain());
    }
}
