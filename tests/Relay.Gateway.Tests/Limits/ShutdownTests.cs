using System.Net.Sockets;
using Relay.Core.Errors;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Limits;

/// <summary>A gateway that stops while a stream runs.</summary>
public sealed class ShutdownTests
{
    [Fact]
    public async Task StreamUnderWay_IsFinishedWhole_WhileNewConnectionsAreRefused()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var raw = await RawRig.StartAsync(async call =>
        {
            await call.StartStreamAsync();
            await call.WriteAsync(Sse.Role + Sse.Text("wh"));
            await release.Task.WaitAsync(call.Stopped);
            await call.WriteAsync(Sse.Text("ole") + Sse.Finish() + Sse.Usage + Sse.Done);
        });
        var url = raw.Rig.Gateway.Url;
        using var response = await raw.Rig.PostAsync(Rig.Body(stream: true));
        using var idle = await RawClient.ConnectAsync(url);
        await idle.SendAsync("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await idle.Stream.ReadExactlyAsync(new byte["HTTP/1.1 200 OK"u8.Length], Patience.Token);

        var stopping = raw.Rig.Gateway.StopAsync();

        // Idle connections are closed after the port is.
        await idle.DrainAsync();
        await Assert.ThrowsAsync<SocketException>(() => RawClient.ConnectAsync(url));
        Assert.False(stopping.IsCompleted);
        release.SetResult();
        var chat = await Kit.Chat.ReadAsync(response, stream: true);
        await stopping.WaitAsync(Patience.Token);

        Assert.Equal(("whole", true, false), (chat.Text, chat.Done, chat.Broken));
        Assert.Equal(ErrorKind.None, (await raw.Rig.Records.NextAsync()).Error);
        Assert.Equal(0, raw.Rig.Records.Waiting);
    }

    [Fact]
    public async Task StreamLongerThanTheDrain_IsCutWithABrokenConnection_AndLeavesOneRecord()
    {
        await using var raw = await RawRig.StartAsync(
            async call =>
            {
                await call.StartStreamAsync();
                await call.WriteAsync(Sse.Role + Sse.Text("part"));
                await call.GatewayLeftAsync();
            },
            new RigOptions { Config = c => c with { Listen = c.Listen with { Drain = TimeSpan.FromMilliseconds(200) } } });
        using var response = await raw.Rig.PostAsync(Rig.Body(stream: true));

        await raw.Rig.Gateway.StopAsync().WaitAsync(Patience.Token);

        var chat = await Kit.Chat.ReadAsync(response, stream: true);
        Assert.Equal(("part", false, true), (chat.Text, chat.Done, chat.Broken));
        Assert.NotEqual(ErrorKind.None, (await raw.Rig.Records.NextAsync()).Error);
        Assert.Equal(0, raw.Rig.Records.Waiting);
    }
}
