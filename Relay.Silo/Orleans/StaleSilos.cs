using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Relay.Silo.Orleans;

/// <summary>
/// Lets a silo join a cluster whose silos have all died. A silo that joins must reach all that the membership calls active, and it looks
/// for those that are stale only when the membership changes: where nobody is left who changes it, it would wait for minutes. So while
/// it is joining this looks again and again, and declares dead who has not said for long that it lives and takes no connection either.
/// </summary>
internal sealed partial class StaleSilos(
    IServiceProvider services, IOptions<ClusterMembershipOptions> options, TimeProvider time, ILogger<StaleSilos> log) : BackgroundService
{
    /// <summary>How often it looks: 2 s.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    /// <summary>How long a silo may take to accept a connection: 2 s.</summary>
    public static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(2);

    private bool _isTold;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ticks = new PeriodicTimer(LookEvery, time);
        var oracle = services.GetRequiredService<ISiloStatusOracle>();
        while (await ticks.WaitForNextTickAsync(stoppingToken) && oracle.CurrentStatus is SiloStatus.None or SiloStatus.Created or SiloStatus.Joining)
        {
            try
            {
                await LookAsync(oracle.SiloAddress, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // Redis is away, or its table is not there yet. It is tried again, and told once.
                if (!_isTold)
                {
                    TableAway(log, e.GetType().Name);
                    _isTold = true;
                }
            }
        }
    }

    private async Task LookAsync(SiloAddress self, CancellationToken stop)
    {
        var longestSilence = options.Value.IAmAliveTablePublishTimeout * options.Value.NumMissedTableIAmAliveLimit;
        var table = await services.GetRequiredService<IMembershipTable>().ReadAll();
        foreach (var (entry, _) in table.Members)
        {
            var heard = entry.IAmAliveTime > entry.StartTime ? entry.IAmAliveTime : entry.StartTime;
            if (entry.Status == SiloStatus.Active && !entry.SiloAddress.Equals(self) && time.GetUtcNow().UtcDateTime - heard > longestSilence && !await AnswersAsync(entry.SiloAddress.Endpoint, stop))
            {
                var isDead = await services.GetRequiredService<IClusterMembershipService>().TryKill(entry.SiloAddress);
                DeclaredDead(log, entry.SiloAddress.ToString(), heard, isDead);
            }
        }
    }

    private async Task<bool> AnswersAsync(IPEndPoint endpoint, CancellationToken stop)
    {
        using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var limit = new CancellationTokenSource(ConnectLimit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            await socket.ConnectAsync(endpoint, both.Token);
            return true;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            return false;
        }
    }

    [LoggerMessage(501, LogLevel.Warning, "Silo {Silo} has not been heard of since {Heard:O} and takes no connection: declared dead, so that this one can join ({Done})")]
    private static partial void DeclaredDead(ILogger log, string silo, DateTime heard, bool done);

    [LoggerMessage(502, LogLevel.Warning, "The membership cannot be read yet ({Error}); it is tried again")]
    private static partial void TableAway(ILogger log, string error);
}
