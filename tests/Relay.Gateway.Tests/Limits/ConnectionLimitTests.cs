using System.Net.Sockets;
using Relay.Gateway.Admission;
using Relay.Gateway.Config;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Limits;

/// <summary>More connections than may be open.</summary>
public sealed class ConnectionLimitTests
{
    private const int Allowed = 1 + ConnectionLimit.Spare;
    private const int Beyond = 5;

    [Fact]
    public async Task ConnectionsOverTheLimit_AreClosedAtOnce_AndLaterOnesServed()
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Simulators = 1, Config = c => c with { Limits = new LimitOptions { MaxConcurrentRequests = 1 } } });
        var open = new Dictionary<Task, RawClient>();
        var refused = 0;
        for (var i = 0; i < Allowed + Beyond; i++)
        {
            try
            {
                var client = await RawClient.ConnectAsync(rig.Gateway.Url);
                open.Add(client.DrainAsync(), client);
            }
            catch (SocketException)
            {
                // The reset was faster than the client.
                refused++;
            }
        }

        for (; refused < Beyond; refused++)
        {
            var closed = await Task.WhenAny(open.Keys).WaitAsync(Patience.Token);
            open.Remove(closed, out var client);
            client!.Dispose();
        }

        var scrape = rig.Scrape();
        Assert.Contains($"relay_connections_refused_total {Beyond}\n", scrape, StringComparison.Ordinal);
        Assert.DoesNotContain(open.Keys, held => held.IsCompleted);

        // All of those within the limit are served and closed by the gateway.
        foreach (var client in open.Values)
        {
            await client.SendAsync("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        }

        await Task.WhenAll(open.Keys).WaitAsync(Patience.Token);
        await Free.ConnectionsAsync(rig);
        Assert.Equal(200, (await rig.ChatAsync()).Status);
        Assert.Contains($"relay_connections_refused_total {Beyond}\n", rig.Scrape(), StringComparison.Ordinal);
        foreach (var client in open.Values)
        {
            client.Dispose();
        }
    }
}
