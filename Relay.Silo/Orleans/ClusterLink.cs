using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relay.ServiceDefaults;

namespace Relay.Silo.Orleans;

/// <summary>
/// This process's way into the cluster: an Orleans client that connects in the background for as long as it takes, so that a process
/// starts and serves without the cluster, and joins it when it comes.
/// </summary>
public sealed class ClusterLink : IAsyncDisposable
{
    /// <summary>The time between two tries to connect: 500 ms.</summary>
    public static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(500);

    private readonly IHost _host;
    private readonly CancellationTokenSource _stop = new();
    private Task _connecting = Task.CompletedTask;
    private IClusterClient? _client;

    private ClusterLink(IHost host) => _host = host;

    /// <summary>The client once it has connected; null before.</summary>
    public IClusterClient? Client => Volatile.Read(ref _client);

    /// <summary>Starts to connect.</summary>
    /// <param name="args">The command line, for settings.</param>
    /// <param name="loggers">Where it logs; the caller's to dispose.</param>
    public static ClusterLink Start(string[] args, ILoggerFactory loggers)
    {
        var builder = Host.CreateApplicationBuilder(args);
        builder.Configuration.AddClusterDefaults();
        builder.Services.AddOwnedLifetime();
        builder.Services.AddSingleton(loggers);
        builder.Services.AddClusterRedis(builder.Configuration);
        builder.UseOrleansClient(static client =>
        {
            ClusterSettings.Apply(client);
            client.UseConnectionRetryFilter(static async (_, cancellation) =>
            {
                await Task.Delay(RetryEvery, TimeProvider.System, cancellation);
                return true;
            });
        });
        var link = new ClusterLink(builder.Build());
        link._connecting = link.ConnectAsync();
        return link;
    }

    /// <summary>The client.</summary>
    /// <exception cref="OrleansException">It has not connected yet.</exception>
    public IClusterClient RequireClient() => Client ?? throw new OrleansException("The cluster is not there yet.");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _connecting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            using var limit = new CancellationTokenSource(ClusterSettings.CallLimit, TimeProvider.System);
            await _host.StopAsync(limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or OrleansException)
        {
            // The cluster is gone: there is nobody to say goodbye to.
        }

        _host.Dispose();
        _stop.Dispose();
    }

    private async Task ConnectAsync()
    {
        // The caller must not wait for the first try, which may not yield.
        await Task.Yield();
        await _host.StartAsync(_stop.Token);
        Volatile.Write(ref _client, _host.Services.GetRequiredService<IClusterClient>());
    }
}
