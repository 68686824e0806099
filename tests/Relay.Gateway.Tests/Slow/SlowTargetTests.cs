using System.Text;
using Relay.Core.Attempts;
using Relay.Core.Breaker;
using Relay.Core.Errors;
using Relay.Core.Latency;
using Relay.Gateway.Recording;
using Relay.Gateway.Tests.Kit;
using Relay.Silo.Grains;
using Relay.TestKit;

namespace Relay.Gateway.Tests.Slow;

/// <summary>The slow rule through the real gateway, on a clock that the upstreams move.</summary>
public sealed class SlowTargetTests : IAsyncLifetime
{
    private const string Primary = "p0/gpt-sim";
    private const string Backup = "p1/gpt-sim";
    private static readonly TimeSpan PastOpen = BreakerOptions.Default.OpenFor * 1.2;
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan FourTimes = 4 * Usual;

    private readonly ManualTimeProvider _time = new();
    private readonly PacedUpstream[] _upstreams;
    private Rig _rig = null!;

    public SlowTargetTests() => _upstreams = [new(_time), new(_time)];

    public async ValueTask InitializeAsync() =>
        _rig = await Rig.StartAsync(new RigOptions { Time = _time, Retry = RetryOptions.Default with { MaxPerTarget = 0 }, Simulators = 0, Upstreams = [.. _upstreams.Select(u => u.Url)] });

    public async ValueTask DisposeAsync()
    {
        await _rig.DisposeAsync();
        foreach (var upstream in _upstreams)
        {
            await upstream.DisposeAsync();
        }
    }

    [Fact]
    public async Task SlowStreams_MoveToTheBackupAndBackWhenItIsOver()
    {
        await LearnAsync(stream: true);
        _upstreams[0].FirstToken = FourTimes;
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(Primary, (await _rig.ChatAsync(stream: true)).Target);
        }

        Assert.Equal(Backup, (await _rig.ChatAsync(stream: true)).Target);
        _time.Advance(PastOpen);
        Assert.Equal(Primary, (await _rig.ChatAsync(stream: true)).Target);
        Assert.Equal(Backup, (await _rig.ChatAsync(stream: true)).Target);

        _upstreams[0].FirstToken = Usual;
        _time.Advance(PastOpen * 2);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(Primary, (await _rig.ChatAsync(stream: true)).Target);
        }
    }

    [Fact]
    public async Task SlowPlainAnswers_MoveToTheBackup()
    {
        await LearnAsync(stream: false);
        _upstreams[0].FirstToken = FourTimes;
        for (var i = 0; i < 5; i++)
        {
            await _rig.ChatAsync();
        }

        Assert.Equal(Backup, (await _rig.ChatAsync()).Target);
    }

    [Fact]
    public async Task LongPlainAnswers_AreNotSlow()
    {
        await LearnAsync(stream: false);
        _upstreams[0].FirstToken = 20 * Usual;
        _upstreams[0].Tokens = 1000;
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(Primary, (await _rig.ChatAsync()).Target);
        }
    }

    [Fact]
    public async Task SlowTokens_MoveToTheBackup()
    {
        _upstreams[0].InterToken = TimeSpan.FromMilliseconds(20);
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal(Primary, await StreamAsync());
        }

        _upstreams[0].InterToken = TimeSpan.FromMilliseconds(80);
        for (var i = 0; i < 7; i++)
        {
            Assert.Equal(Primary, await StreamAsync());
        }

        Assert.Equal(Backup, (await _rig.ChatAsync(stream: true)).Target);
    }

    [Fact]
    public async Task ClientsThatLeaveAfterWaitingTooLong_MoveToTheBackup()
    {
        await LearnAsync(stream: true);
        (_upstreams[0].Silent, _upstreams[0].FirstToken) = (true, FourTimes);
        for (var i = 1; i <= 5; i++)
        {
            using var client = await RawClient.ConnectAsync(_rig.Gateway.Url);
            await client.SendAsync(RawClient.Request(Encoding.UTF8.GetBytes(Rig.Body(stream: true))));
            await _upstreams[0].Kept.WaitAsync(Patience.Token);
            client.Reset();
            var attempt = Assert.Single((await _rig.Records.NextAsync()).Attempts);
            Assert.Equal((ErrorKind.ClientClosed, Verdict.Failure, true), (attempt.Error, attempt.Verdict, attempt.IsSlow));
        }

        Assert.Equal(Backup, (await _rig.ChatAsync(stream: true)).Target);
    }

    [Fact]
    public async Task AllTargetsSlow_TheUsualOrderHolds()
    {
        await LearnAsync(stream: true);
        _upstreams[0].FirstToken = FourTimes;
        for (var i = 0; i < 5; i++)
        {
            await _rig.ChatAsync(stream: true);
        }

        _upstreams[1].FirstToken = TimeSpan.FromMilliseconds(10);
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal(Backup, (await _rig.ChatAsync(stream: true)).Target);
        }

        _upstreams[1].FirstToken = TimeSpan.FromMilliseconds(300);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(Backup, (await _rig.ChatAsync(stream: true)).Target);
        }

        var chat = await _rig.ChatAsync(stream: true);
        Assert.Equal((Primary, 1), (chat.Target, chat.Attempts));
    }

    [Fact]
    public async Task SlowTarget_IsShownInRecordStatsAndMetrics()
    {
        await LearnAsync(stream: true);
        _upstreams[0].FirstToken = FourTimes;
        var record = default(RequestRecord);
        for (var i = 0; i < 5; i++)
        {
            await _rig.ChatAsync(stream: true);
            record = await _rig.Records.NextAsync();
        }

        var attempt = Assert.Single(record!.Attempts);
        Assert.Equal((ErrorKind.None, Verdict.Failure, true), (attempt.Error, attempt.Verdict, attempt.IsSlow));
        await _rig.Gateway.FlushAsync();
        var target = await _rig.Grains.GetTargetAsync(Primary, Window.FiveMinutes, CancellationToken.None);
        Assert.Equal((BreakerState.Open, BreakerReason.Slow, 1), (target.Breaker!.Value.State, target.Breaker.Value.Reason, target.Breaker.Value.Opened));
        Assert.Equal(5, target.Meter.Counts[Counters.Slow]);
        Assert.Equal(5, (await _rig.Grains.GetModelAsync(Rig.Model, Window.FiveMinutes, CancellationToken.None)).Meter.Counts[Counters.Slow]);
        var metrics = _rig.Scrape();
        Assert.Contains("relay_slow_attempts_total{target=\"p0/gpt-sim\"} 5\n", metrics, StringComparison.Ordinal);
        Assert.Contains("relay_breaker_reason{target=\"p0/gpt-sim\",reason=\"slow\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("relay_breaker_state{target=\"p0/gpt-sim\"} 3\n", metrics, StringComparison.Ordinal);
        Assert.Contains("Breaker of p0/gpt-sim opened: Slow", _rig.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SlowProbeOfABreakerThatWasOpenForFailures_KeepsTheTrafficAway()
    {
        await LearnAsync(stream: true);
        _upstreams[0].Fails = true;
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(Backup, (await _rig.ChatAsync(stream: true)).Target);
        }

        (_upstreams[0].Fails, _upstreams[0].FirstToken) = (false, FourTimes);
        _time.Advance(PastOpen);
        Assert.Equal(Primary, (await _rig.ChatAsync(stream: true)).Target);
        Assert.Equal(Backup, (await _rig.ChatAsync(stream: true)).Target);
    }

    private async Task LearnAsync(bool stream)
    {
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal(Primary, (await _rig.ChatAsync(stream: stream)).Target);
            await _rig.Records.NextAsync();
        }
    }

    /// <summary>A stream whose client says of each token that it has it.</summary>
    private async Task<string?> StreamAsync()
    {
        using var response = await _rig.PostAsync(Rig.Body(stream: true));
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.Contains("\"content\":\"a \"", StringComparison.Ordinal))
            {
                _upstreams[0].Taken.Release();
            }
        }

        return response.Headers.GetValues("x-relay-target").Single();
    }
}
