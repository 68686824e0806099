using System.Text;
using Relay.Gateway.Tests.Kit;
using Relay.Simulator;

namespace Relay.Gateway.Tests.Cancellation;

public sealed class BackPressureTests
{
    private const int Words = 100_000;

    [Fact]
    public async Task ClientThatDoesNotRead_StopsTheProviderUntilItReadsOn()
    {
        await using var rig = await Rig.StartAsync(new RigOptions
        {
            Simulators = 1,
            Simulator = _ => new SimulatorOptions { DefaultWords = Words },
        });
        using var client = await RawClient.ConnectAsync(rig.Gateway.Url, receiveBuffer: 8192);
        await client.SendAsync(RawClient.Request(Encoding.UTF8.GetBytes(Rig.Body(stream: true))));
        await rig.Primary.Log.WaitForAsync(r => r.WordsSent > 100, Patience.Token);

        // Meanwhile others are served; a provider that nothing holds back sends all its words in much less time.
        for (var i = 0; i < 3; i++)
        {
            await rig.ChatAsync();
        }

        var held = rig.Primary.Log.Entries[0];
        Assert.Equal(RequestEnding.InProgress, held.Ending);
        Assert.True(held.WordsSent < Words, $"{held.WordsSent} words");

        var answer = await client.ReadToEndAsync();
        Assert.EndsWith(Sse.Done, answer.Text, StringComparison.Ordinal);
        Assert.Equal(RequestEnding.Completed, held.Ending);
    }
}
