using Relay.Core.Attempts;

namespace Relay.Gateway.Tests.Kit;

/// <summary>A gateway whose first target is a raw upstream and whose fallback is a simulator.</summary>
internal sealed class RawRig : IAsyncDisposable
{
    private RawRig(Rig rig, RawUpstream upstream) => (Rig, Upstream) = (rig, upstream);

    public Rig Rig { get; }

    public RawUpstream Upstream { get; }

    public static Task<RawRig> StreamAsync(string events, RigOptions? options = null) => StartAsync(RawUpstream.Stream(events), options);

    public static Task<RawRig> StartAsync(Func<RawCall, Task> answer, RigOptions? options = null) => StartAsync(RawUpstream.Start(answer), options);

    public static async Task<RawRig> StartAsync(RawUpstream upstream, RigOptions? options = null)
    {
        options ??= new RigOptions();
        return new(await Rig.StartAsync(options with { Upstreams = [upstream.Url], Simulators = 1 }), upstream);
    }

    /// <summary>Limits short enough for tests that wait for them to pass.</summary>
    public static TimeoutOptions Short { get; } = TimeoutOptions.Default with
    {
        FirstToken = TimeSpan.FromMilliseconds(300),
        Idle = TimeSpan.FromMilliseconds(300),
        FinishGrace = TimeSpan.FromMilliseconds(200),
    };

    public async ValueTask DisposeAsync()
    {
        await Rig.DisposeAsync();
        await Upstream.DisposeAsync();
    }
}
