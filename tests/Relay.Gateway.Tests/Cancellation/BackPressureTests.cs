using System.Text;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Cancellation;

public sealed class BackPressureTests
{
    private const int Events = 1000;

    private static readonly string Large = Sse.Text(new string('x', 64 * 1024));

    [Fact]
    public async Task ClientThatDoesNotRead_StopsTheProviderUntilItReadsOn()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sent = 0;
        await using var raw = await RawRig.StartAsync(async call =>
        {
            await call.StartStreamAsync();
            for (; Volatile.Read(ref sent) < Events; Interlocked.Increment(ref sent))
            {
                await call.WriteAsync(Large);
                started.TrySetResult();
            }

            await call.WriteAsync(Sse.Finish() + Sse.Done);
        });
        using var client = await RawClient.ConnectAsync(raw.Rig.Gateway.Url);
        await client.SendAsync(RawClient.Request(Encoding.UTF8.GetBytes(Rig.Body(stream: true))));
        await started.Task.WaitAsync(Patience.Token);

        // Meanwhile much goes on; a provider that nothing holds back sends its 64 MB in that time. What it could send is in socket buffers.
        for (var i = 0; i < 50; i++)
        {
            using var models = await raw.Rig.Client.GetAsync("/v1/models", Patience.Token);
        }

        Assert.True(Volatile.Read(ref sent) < Events / 2, $"{sent} events");
        var answer = await client.ReadToEndAsync();
        Assert.EndsWith(Sse.Done, answer.Text, StringComparison.Ordinal);
        Assert.True(answer.Body.Length > Events * Large.Length);
    }
}
