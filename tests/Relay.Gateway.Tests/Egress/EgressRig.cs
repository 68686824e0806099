using Relay.Core.Attempts;
using Relay.Gateway.Config;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Egress;

/// <summary>A gateway with one provider and a way out of the test's making.</summary>
internal static class EgressRig
{
    /// <summary>Starts it; nothing is retried and the breaker stays closed, so that each answer is of one attempt.</summary>
    /// <param name="behind">Where the provider is; told of the simulator.</param>
    /// <param name="egress">The way out.</param>
    /// <param name="timeouts">Time limits.</param>
    /// <param name="http2">HTTP/2 and nothing else.</param>
    public static Task<Rig> StartAsync(Func<Uri, Uri> behind, EgressOptions egress, TimeoutOptions? timeouts = null, bool http2 = false) => Rig.StartAsync(new()
    {
        Simulators = 1,
        Timeouts = timeouts ?? TimeoutOptions.Default,
        Retry = RetryOptions.Default with { MaxPerTarget = 0 },
        Breaker = Relay.Core.Breaker.BreakerOptions.Default with { Enabled = false },
        Config = c => c with { Providers = Providers.Change(c, p => p with { BaseUrl = new Uri(behind(p.BaseUrl), "/v1"), Egress = egress, Http2 = http2 }) },
    });

    /// <summary>The gateway's message for a request that fails so.</summary>
    public static async Task<string> FailsAsync(Rig rig, string code, int status = 502)
    {
        var chat = await rig.ChatAsync();
        Assert.Equal((status, code), (chat.Status, chat.ErrorCode));
        return chat.ErrorMessage!;
    }
}
