using System.Text;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.BadInput;

/// <summary>Measures the whole process, so nothing else may run beside it.</summary>
[CollectionDefinition("Memory", DisableParallelization = true)]
public sealed class MemoryCollection;

[Collection("Memory")]
public sealed class MemoryTests
{
    [Fact]
    public async Task ManyLargeBadBodies_LeaveNoMemoryBehind()
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Simulators = 1 });
        var body = Encoding.UTF8.GetBytes("{\"model\":\"chat-default\",\"x\":\"" + new string('x', 4_000_000));
        await SendAsync(rig, body, rounds: 5);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await SendAsync(rig, body, rounds: 25);

        // 400 MB went through; what may come and go is the array pool's few arrays.
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(grown < 100_000_000, $"{grown} bytes stayed.");
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
