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
        await SendFourAsync(rig, body);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var i = 0; i < 25; i++)
        {
            await SendFourAsync(rig, body);
        }

        // 400 MB went through; what may stay is the array pool's few arrays.
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(grown < 60_000_000, $"{grown} bytes stayed.");
    }

    private static Task SendFourAsync(Rig rig, byte[] body) => Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        Assert.Equal(400, (await RawClient.PostAsync(rig.Gateway.Url, body)).Status)));
}
