using System.Text;
using Relay.Gateway.Tests.Kit;
using Relay.Gateway.Upstream;

namespace Relay.Gateway.Tests.BadInput;

/// <summary>Measures the whole process, so nothing else may run beside it.</summary>
[CollectionDefinition("Memory", DisableParallelization = true)]
public sealed class MemoryCollection;

[Collection("Memory")]
public sealed class MemoryTests
{
    private const int BodyLength = 4_000_000;

    [Fact]
    public async Task ManyLargeBadBodies_LeaveNoMemoryBehind()
    {
        using var pools = new PoolWatch();
        await using var rig = await Rig.StartAsync(new RigOptions { Simulators = 1 });
        var body = Encoding.UTF8.GetBytes("{\"model\":\"chat-default\",\"x\":\"" + new string('x', BodyLength));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await SendAsync(rig, body, rounds: 5);
        var unpooled = GC.GetTotalMemory(forceFullCollection: true) - pools.Held;

        await SendAsync(rig, body, rounds: 25);

        // 400 MB went through. Every array came back, and outside of the pools not a quarter of one body of the hundred stayed.
        var after = GC.GetTotalMemory(forceFullCollection: true);
        Assert.Equal(0, pools.LargeLent);
        Assert.True(after - pools.Held - unpooled < BodyLength / 4, $"{after - pools.Held - unpooled} bytes stayed outside of the pools.");

        // The pools keep no more than they may, whatever the number of threads.
        Assert.True(after - before < 60_000_000, $"{after - before} bytes stayed, {pools.Held} of them in pools.");
    }

    [Fact]
    public void LargeArraysThatComeBackTogether_AreKeptUpToTheirLimit()
    {
        var lent = Enumerable.Range(0, 6).Select(_ => BodyArrays.Rent(BodyArrays.LargestKept)).ToList();
        lent.ForEach(BodyArrays.Return);

        var again = Enumerable.Range(0, 6).Select(_ => BodyArrays.Rent(BodyArrays.LargestKept)).ToList();

        Assert.Equal(BodyArrays.LargeKept, again.Count(lent.Contains));
        again.ForEach(BodyArrays.Return);
    }

    [Fact]
    public async Task AnnouncedLengths_ReserveNoMemoryBeforeTheirBytesCome()
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Simulators = 1 });
        var clients = new List<RawClient>();
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var i = 0; i < 40; i++)
        {
            clients.Add(await RawClient.ConnectAsync(rig.Gateway.Url));
            await clients[i].SendAsync("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 30000000\r\nExpect: 100-continue\r\n\r\n");

            // The server says so when the gateway asks for the body.
            await clients[i].Stream.ReadExactlyAsync(new byte["HTTP/1.1 100 Continue\r\n\r\n".Length], Patience.Token);
        }

        var grown = GC.GetTotalMemory(forceFullCollection: false) - before;
        clients.ForEach(c => c.Dispose());
        Assert.True(grown < 200_000_000, $"{grown} bytes are reserved.");
    }

    private static async Task SendAsync(Rig rig, byte[] body, int rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ => Assert.Equal(400, (await RawClient.PostAsync(rig.Gateway.Url, body)).Status)));
        }
    }
}
