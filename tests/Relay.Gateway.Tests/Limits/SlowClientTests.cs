using System.Text;
using Relay.Core.Errors;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Limits;

/// <summary>Clients slower than <c>listen.minClientBytesPerSecond</c>. The server measures on the system's clock, so these wait for real.</summary>
public sealed class SlowClientTests
{
    private static readonly RigOptions Options = new()
    {
        SlowClientGrace = TimeSpan.FromSeconds(1.1),
        Config = c => c with { Listen = c.Listen with { MinClientBytesPerSecond = 1_000_000 } },
    };

    [Fact]
    public async Task BodyThatStopsComing_Gets408()
    {
        await using var rig = await Rig.StartAsync(Options with { Simulators = 1 });
        using var client = await RawClient.ConnectAsync(rig.Gateway.Url);
        await client.SendAsync("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\n{\"model\":");

        var answer = await client.ReadToEndAsync();

        Assert.Equal((408, "request_timeout"), (answer.Status, answer.Error.GetProperty("code").GetString()));
        Assert.Equal(0, rig.Primary.Log.Total);
        Assert.Equal(200, (await rig.ChatAsync()).Status);
    }

    /// <summary>Once by the server's minimum rate, once by the stall limit alone.</summary>
    [Theory]
    [InlineData(1_000_000, 30_000)]
    [InlineData(0, 200)]
    public async Task ClientThatDoesNotRead_IsCutOff_AndItsProviderCancelled(int minRate, int stallMs)
    {
        var options = Options with
        {
            Config = c => c with
            {
                Listen = c.Listen with { MinClientBytesPerSecond = minRate },
                Limits = c.Limits with { ClientStall = TimeSpan.FromMilliseconds(stallMs) },
            },
        };
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var large = Sse.Text(new string('x', 64 * 1024));
        await using var raw = await RawRig.StartAsync(
            async call =>
            {
                try
                {
                    await call.StartStreamAsync();
                    while (true)
                    {
                        await call.WriteAsync(large);
                    }
                }
                catch (IOException)
                {
                    left.SetResult();
                }
            },
            options);
        using var client = await RawClient.ConnectAsync(raw.Rig.Gateway.Url);
        await client.SendAsync(RawClient.Request(Encoding.UTF8.GetBytes(Rig.Body(stream: true))));

        await left.Task.WaitAsync(Patience.Token);

        Assert.Equal(ErrorKind.ClientClosed, (await raw.Rig.Records.NextAsync()).Error);
        Assert.DoesNotContain("[DONE]", Encoding.UTF8.GetString(await client.DrainAsync()), StringComparison.Ordinal);
        Assert.Equal(0, raw.Rig.Records.Waiting);
    }
}
