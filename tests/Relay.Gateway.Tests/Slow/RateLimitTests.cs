using System.Collections.Frozen;
using System.Text;
using Relay.Core.Attempts;
using Relay.Gateway.Config;
using Relay.Gateway.Tests.Kit;
using Relay.TestKit;

namespace Relay.Gateway.Tests.Slow;

/// <summary>Limits that providers tell steer new requests away before the 429, and nothing more.</summary>
public sealed class RateLimitTests : IAsyncLifetime
{
    private const string Primary = "p0/gpt-sim";
    private const string Backup = "p1/gpt-sim";
    private static readonly byte[] Json = Encoding.UTF8.GetBytes(
        """{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":1,"total_tokens":10}}""");

    private readonly ManualTimeProvider _time = new();
    private readonly string[] _told = ["", ""];
    private readonly int[] _status = [200, 200];
    private readonly RawUpstream[] _upstreams;
    private Rig _rig = null!;

    public RateLimitTests() => _upstreams = [Upstream(0), Upstream(1)];

    public async ValueTask InitializeAsync() => _rig = await StartAsync(new());

    public async ValueTask DisposeAsync()
    {
        await _rig.DisposeAsync();
        foreach (var upstream in _upstreams)
        {
            await upstream.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("x-ratelimit-remaining-requests: 0\r\nx-ratelimit-reset-requests: 20s\r\n")]
    [InlineData("x-ratelimit-remaining-requests: 9\r\nx-ratelimit-remaining-tokens: 12\r\nx-ratelimit-reset-tokens: 20s\r\n")]
    [InlineData("anthropic-ratelimit-requests-remaining: 0\r\nanthropic-ratelimit-requests-reset: 2026-01-01T00:00:20Z\r\n")]
    public async Task NothingLeft_OthersComeFirstUntilTheReset(string told)
    {
        _told[0] = told;
        Assert.Equal([Primary, Backup, Backup], await AskAsync(3));
        _told[0] = "";
        _time.Advance(TimeSpan.FromSeconds(19));
        Assert.Equal([Backup], await AskAsync(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([Primary, Primary], await AskAsync(2));
    }

    [Theory]
    [InlineData("x-ratelimit-remaining-requests: 1\r\nx-ratelimit-remaining-tokens: 500\r\nx-ratelimit-reset-requests: 20s\r\n")]
    [InlineData("x-ratelimit-remaining-requests: -1\r\nx-ratelimit-reset-requests: 20s\r\n")]
    [InlineData("x-ratelimit-remaining-requests: 0\r\nx-ratelimit-reset-requests: 0s\r\n")]
    [InlineData("x-ratelimit-remaining-requests: ?\r\n")]
    public async Task EnoughLeftOrUnknown_ChangesNothing(string told)
    {
        _told[0] = told;
        Assert.Equal([Primary, Primary, Primary], await AskAsync(3));
    }

    [Fact]
    public async Task LongReset_IsCappedAt60Seconds()
    {
        _told[0] = "x-ratelimit-remaining-requests: 0\r\nx-ratelimit-reset-requests: 6m0s\r\n";
        Assert.Equal([Primary, Backup], await AskAsync(2));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal([Backup], await AskAsync(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([Primary], await AskAsync(1));
    }

    [Fact]
    public async Task AllNearTheirLimits_TheUsualOrderHolds()
    {
        _told[0] = _told[1] = "x-ratelimit-remaining-requests: 0\r\nx-ratelimit-reset-requests: 20s\r\n";
        Assert.Equal([Primary, Backup, Primary, Primary], await AskAsync(4));
    }

    [Fact]
    public async Task OtherTargetFails_TheOneNearItsLimitsIsAskedAndTellsThatItHasRoom()
    {
        _told[0] = "x-ratelimit-remaining-requests: 0\r\nx-ratelimit-reset-requests: 20s\r\n";
        Assert.Equal([Primary], await AskAsync(1));
        (_status[1], _told[0]) = (500, "x-ratelimit-remaining-requests: 30\r\n");
        _time.Advance(TimeSpan.FromSeconds(1));
        var chat = await _rig.ChatAsync();
        Assert.Equal((Primary, 2), (chat.Target, chat.Attempts));
        Assert.Equal(1, (await _rig.ChatAsync()).Attempts);
    }

    [Fact]
    public async Task RefusalThatTells_SteersToo()
    {
        (_status[0], _told[0]) = (429, "x-ratelimit-remaining-requests: 0\r\nx-ratelimit-reset-requests: 20s\r\n");
        Assert.Equal((Backup, 2), Of(await _rig.ChatAsync()));
        Assert.Equal((Backup, 1), Of(await _rig.ChatAsync()));
    }

    [Fact]
    public async Task FloorAndSwitch_AreTheProviders()
    {
        await _rig.DisposeAsync();
        _told[0] = "x-ratelimit-remaining-requests: 4\r\nx-ratelimit-reset-requests: 20s\r\n";
        _rig = await StartAsync(new() { MinRequests = 5 });
        Assert.Equal([Primary, Backup], await AskAsync(2));

        await _rig.DisposeAsync();
        _rig = await StartAsync(new() { MinRequests = 5, Enabled = false });
        Assert.Equal([Primary, Primary], await AskAsync(2));
    }

    [Fact]
    public async Task WhatWasTold_IsInTheMetrics()
    {
        _told[0] = "x-ratelimit-remaining-requests: 0\r\nx-ratelimit-reset-requests: 20s\r\nx-ratelimit-remaining-tokens: 7000\r\n";
        await AskAsync(3);
        var metrics = _rig.Scrape();
        Assert.Contains("relay_ratelimit_remaining{target=\"p0/gpt-sim\",type=\"requests\"} 0\n", metrics, StringComparison.Ordinal);
        Assert.Contains("relay_ratelimit_remaining{target=\"p0/gpt-sim\",type=\"tokens\"} 7000\n", metrics, StringComparison.Ordinal);
        Assert.Contains("relay_ratelimit_reached_total{target=\"p0/gpt-sim\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("relay_ratelimit_reached_total{target=\"p1/gpt-sim\"} 0\n", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("relay_ratelimit_remaining{target=\"p1", metrics, StringComparison.Ordinal);
    }

    private static (string? Target, int Attempts) Of(Chat chat) => (chat.Target, chat.Attempts);

    private async Task<List<string?>> AskAsync(int times)
    {
        var targets = new List<string?>();
        for (var i = 0; i < times; i++)
        {
            targets.Add((await _rig.ChatAsync()).Target);
        }

        return targets;
    }

    private RawUpstream Upstream(int i) => RawUpstream.Start(call => call.SendJsonAsync(Json, _status[i], _told[i]));

    private Task<Rig> StartAsync(RateLimitOptions limits) => Rig.StartAsync(new RigOptions
    {
        Time = _time,
        Simulators = 0,
        Retry = RetryOptions.Default with { MaxPerTarget = 0 },
        Upstreams = [.. _upstreams.Select(u => u.Url)],
        Config = config => config with { Providers = config.Providers.Values.Select(p => p with { RateLimits = limits }).ToFrozenDictionary(p => p.Name) },
    });
}
