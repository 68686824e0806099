using Relay.Core.Routing;
using Relay.Core.Slow;
using Relay.Gateway.Tests.Kit;
using Relay.TestKit;

namespace Relay.Gateway.Tests.Slow;

/// <summary>Lowest latency through the real gateway, on a clock that the upstreams move; one request at a time, so that nobody waits beside it.</summary>
public sealed class LowestLatencyTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _time = new();
    private readonly PacedUpstream[] _upstreams;
    private Rig _rig = null!;

    public LowestLatencyTests() => _upstreams = [new(_time), new(_time), new(_time)];

    public async ValueTask InitializeAsync() => _rig = await Rig.StartAsync(new RigOptions
    {
        Time = _time,
        Simulators = 0,
        Strategy = RoutingStrategy.LowestLatency,
        Slow = SlowOptions.Default with { Enabled = false },
        Upstreams = [.. _upstreams.Select(u => u.Url)],
    });

    public async ValueTask DisposeAsync()
    {
        await _rig.DisposeAsync();
        foreach (var upstream in _upstreams)
        {
            await upstream.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task EachTargetIsTriedOnce_ThenTheFastestOfTwoGetsIt(bool stream)
    {
        SetMs(300, 20, 600);
        var targets = new List<string?>();
        for (var i = 0; i < 60; i++)
        {
            targets.Add((await _rig.ChatAsync(stream: stream)).Target);
        }

        Assert.Equal(3, targets.Take(8).Distinct().Count());
        Assert.True(_upstreams[1].Count > 2 * _upstreams[0].Count * 0.7, $"{_upstreams[0].Count} {_upstreams[1].Count} {_upstreams[2].Count}");
        Assert.InRange(_upstreams[2].Count, 1, 4);
    }

    [Fact]
    public async Task TargetThatSlowsDown_LosesItsRequestsAtOnceAndIsTriedAgain()
    {
        SetMs(200, 50, 11_000);
        for (var i = 0; i < 20; i++)
        {
            await _rig.ChatAsync(stream: true);
        }

        SetMs(200, 2_000, 11_000);
        await UntilAsync(_upstreams[1]);
        var before = _upstreams[1].Count;
        for (var i = 0; i < 20; i++)
        {
            await _rig.ChatAsync(stream: true);
        }

        Assert.InRange(_upstreams[1].Count - before, 0, 8);
        SetMs(200, 50, 11_000);
        await UntilAsync(_upstreams[1]);
    }

    private async Task UntilAsync(PacedUpstream upstream)
    {
        for (var (before, i) = (upstream.Count, 0); upstream.Count == before; i++)
        {
            Assert.True(i < 300, "never asked again");
            await _rig.ChatAsync(stream: true);
        }
    }

    private void SetMs(params int[] ms)
    {
        for (var i = 0; i < ms.Length; i++)
        {
            _upstreams[i].FirstToken = TimeSpan.FromMilliseconds(ms[i]);
        }
    }
}
