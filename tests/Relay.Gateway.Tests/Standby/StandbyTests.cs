using System.Collections.Frozen;
using System.Threading.Channels;
using Relay.Core.Attempts;
using Relay.Core.Breaker;
using Relay.Core.Errors;
using Relay.Core.Latency;
using Relay.Gateway.Config;
using Relay.Gateway.Standby;
using Relay.Gateway.Tests.Kit;
using Relay.Silo.Grains;
using Relay.Simulator;
using Relay.TestKit;

namespace Relay.Gateway.Tests.Standby;

/// <summary>Standby probes of real simulators, on a clock that the test moves.</summary>
public sealed class StandbyTests : IAsyncDisposable
{
    private const string Primary = "p0/gpt-sim";
    private const string Fallback = "p1/gpt-sim";
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    // The prober looks every second. A probe may have begun as soon as it was due: what the clock then still moves, added up over the
    // probes of a test, must stay below the time that connecting may take.
    private static readonly TimeSpan Due = Every + StandbyProber.Look;
    private static readonly TimeSpan Soon = StandbyProber.AfterFailure + StandbyProber.Look;

    private readonly ManualTimeProvider _time = new();
    private readonly Channel<(string Target, ErrorKind Kind)> _probed = Channel.CreateBounded<(string, ErrorKind)>(1000);
    private Rig? _rig;

    private Rig Rig => _rig!;

    public async ValueTask DisposeAsync()
    {
        if (_rig is not null)
        {
            await _rig.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(StandbyKind.Models, "status=503")]
    [InlineData(StandbyKind.Chat, "status=503")]
    public async Task DeadFallback_IsKnownBeforeItIsNeeded(StandbyKind kind, string fault)
    {
        await StartAsync(kind);
        Rig.Fallback.Faults.Add("*", fault);
        if (kind == StandbyKind.Models)
        {
            Rig.Fallback.Unplug();
        }

        await ProbeAsync(Due);
        await ProbeAsync(Soon);
        await ProbeAsync(Soon);
        await Rig.Gateway.FlushAsync();
        var target = await Rig.Grains.GetTargetAsync(Fallback, Window.FiveMinutes, CancellationToken.None);
        Assert.Equal((BreakerState.Open, BreakerReason.ConsecutiveFailures), (target.Breaker!.Value.State, target.Breaker.Value.Reason));

        // The primary fails now: nobody loses time on the dead fallback.
        var before = Rig.Fallback.Log.Total;
        Rig.Primary.Faults.Add("*", "status=500,times=1");
        var chat = await Rig.ChatAsync();
        Assert.Equal(("p2/gpt-sim", 2), (chat.Target, chat.Attempts));
        Assert.Equal(before, Rig.Fallback.Log.Total);
    }

    [Theory]
    [InlineData(StandbyKind.Models, "/v1/models")]
    [InlineData(StandbyKind.Chat, "/v1/chat/completions")]
    public async Task HealthyFallback_IsAskedEverySoOftenWithItsCredential(StandbyKind kind, string path)
    {
        await StartAsync(kind);
        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal((Fallback, ErrorKind.None), await ProbeAsync(Due));
            Assert.Equal(i, Rig.Fallback.Log.Total);
        }

        var asked = Rig.Fallback.Log.Entries[0];
        Assert.Equal((path, true, false), (asked.Path, asked.HasAuthorization, asked.Stream));
        Assert.Equal(0, Rig.Primary.Log.Total);
    }

    [Theory]
    [InlineData(Dialect.Azure, StandbyKind.Models)]
    [InlineData(Dialect.Azure, StandbyKind.Chat)]
    [InlineData(Dialect.Anthropic, StandbyKind.Models)]
    [InlineData(Dialect.Anthropic, StandbyKind.Chat)]
    [InlineData(Dialect.Gemini, StandbyKind.Models)]
    [InlineData(Dialect.Gemini, StandbyKind.Chat)]
    public async Task EveryDialect_IsAskedInItsOwnForm(Dialect dialect, StandbyKind kind)
    {
        await StartAsync(kind, dialect: dialect);
        Assert.Equal((Fallback, ErrorKind.None), await ProbeAsync(Due));
    }

    [Fact]
    public async Task ChatProbe_AsksForOneToken()
    {
        await StartAsync(StandbyKind.Chat);
        await ProbeAsync(Due);
        Assert.Equal("""{"model":"gpt-sim","messages":[{"role":"user","content":"ping"}],"max_tokens":1}""", Rig.Fallback.Log.Entries[0].BodyText);
    }

    [Fact]
    public async Task Traffic_PutsTheProbeOff()
    {
        await StartAsync(StandbyKind.Models, ofPrimary: true);
        _time.Advance(Every - TimeSpan.FromSeconds(10));
        await Rig.ChatAsync();
        Assert.Equal(Fallback, (await ProbeAsync(TimeSpan.FromSeconds(12))).Target);
        Assert.Equal(Primary, (await ProbeAsync(Every - TimeSpan.FromSeconds(10))).Target);
        Assert.Equal(2, Rig.Primary.Log.Total);
    }

    [Fact]
    public async Task Probe_IsNoRequestAndNoAttempt()
    {
        await StartAsync(StandbyKind.Chat);
        await ProbeAsync(Due);
        Rig.Fallback.Faults.Add("*", "status=500,times=1");
        await ProbeAsync(Due);
        await Rig.Gateway.FlushAsync();

        var target = await Rig.Grains.GetTargetAsync(Fallback, Window.FiveMinutes, CancellationToken.None);
        var counts = target.Meter.Counts.Select((count, place) => (Place: place, Count: count)).Where(c => c.Count != 0).ToArray();
        Assert.Equal([(Counters.StandbyProbes, 2), (Counters.StandbyFailures, 1)], counts);
        Assert.Equal(0, (await Rig.Grains.GetModelAsync(Rig.Model, Window.FiveMinutes, CancellationToken.None)).Meter.Counts.Sum());
        Assert.Equal(0, Rig.Records.Waiting);
        var metrics = Rig.Scrape();
        Assert.Contains("relay_standby_probes_total{target=\"p1/gpt-sim\",outcome=\"ok\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("relay_standby_probes_total{target=\"p1/gpt-sim\",outcome=\"provider_error\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("relay_attempts_total{target=\"p1", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RetryAfter_IsObeyed()
    {
        await StartAsync(StandbyKind.Chat);
        Rig.Fallback.Faults.Add("*", "status=429,retry-after=50,times=1");
        Assert.Equal(ErrorKind.ProviderRateLimited, (await ProbeAsync(Due)).Kind);
        _time.Advance(TimeSpan.FromSeconds(46));
        Assert.Equal(1, Rig.Fallback.Log.Total);
        Assert.Equal(ErrorKind.None, (await ProbeAsync(TimeSpan.FromSeconds(6))).Kind);
    }

    [Fact]
    public async Task ServerWithoutAListOfModels_IsNotBlamed()
    {
        await using var upstream = RawUpstream.Start(call => call.SendJsonAsync("{}"u8.ToArray(), status: 404));
        await StartAsync(StandbyKind.Models, upstream: upstream.Url);
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(ErrorKind.ProviderNotFound, (await ProbeAsync(Due)).Kind);
        }

        await Rig.Gateway.FlushAsync();
        Assert.Equal(BreakerState.Closed, (await Rig.Grains.GetTargetAsync(Fallback, Window.FiveMinutes, CancellationToken.None)).Breaker!.Value.State);
    }

    [Fact]
    public async Task RevivedFallback_IsBackBeforeItIsNeeded()
    {
        await StartAsync(StandbyKind.Chat);
        Rig.Fallback.Faults.Add("*", "status=503");
        await ProbeAsync(Due);
        await ProbeAsync(Soon);
        await ProbeAsync(Soon);
        Rig.Fallback.Faults.Clear();
        await ProbeAsync(Due);
        Rig.Primary.Faults.Add("*", "status=500,times=1");
        var chat = await Rig.ChatAsync();
        Assert.Equal((Fallback, 2), (chat.Target, chat.Attempts));
    }

    [Fact]
    public async Task SilentFallback_IsAskedOnceAtATimeAndCutOffByTheFirstTokenLimit()
    {
        await StartAsync(StandbyKind.Chat);
        Rig.Fallback.Faults.Add("*", "silence");
        _time.Advance(Due);
        await Rig.Fallback.Log.WaitForAsync(_ => true, Patience.Token);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(1, Rig.Fallback.Log.Total);
        Assert.Equal(ErrorKind.TotalTimeout, (await ProbeAsync(TimeSpan.FromSeconds(8))).Kind);
    }

    [Fact]
    public async Task Shutdown_EndsAProbeAtOnce()
    {
        await StartAsync(StandbyKind.Chat);
        Rig.Fallback.Faults.Add("*", "silence");
        _time.Advance(Due);
        await Rig.Fallback.Log.WaitForAsync(_ => true, Patience.Token);
        await Rig.Gateway.StopAsync(Patience.Token);
        await Rig.Fallback.Log.WaitForAsync(r => r.Ending == RequestEnding.ClientAborted, Patience.Token);
        Assert.False(_probed.Reader.TryRead(out _));
    }

    private async Task StartAsync(StandbyKind kind, bool ofPrimary = false, Uri? upstream = null, Dialect dialect = Dialect.OpenAi)
    {
        var standby = new StandbyOptions { Every = Every, Kind = kind };
        _rig = await Rig.StartAsync(new RigOptions
        {
            Time = _time,
            Simulators = 3,
            Dialect = i => i == 1 ? dialect : Dialect.OpenAi,
            Retry = RetryOptions.Default with { MaxPerTarget = 0 },
            Config = config => With(config, standby, ofPrimary, upstream),
        });
        _rig.Gateway.StandbyProbed += (target, kind) => _probed.Writer.TryWrite((target, kind));
    }

    private static RelayConfig With(RelayConfig config, StandbyOptions standby, bool ofPrimary, Uri? upstream)
    {
        var model = config.Models[Rig.Model];
        model = model with { Targets = [.. model.Targets.Select((t, i) => i == 1 || (ofPrimary && i == 0) ? t with { StandbyProbe = standby } : t)] };
        var providers = config.Providers.Values.Select(p => p.Name == "p1" && upstream is not null ? p with { BaseUrl = new Uri(upstream, "/v1") } : p);
        return config with { Models = new[] { model }.ToFrozenDictionary(m => m.Name), Providers = providers.ToFrozenDictionary(p => p.Name) };
    }

    /// <summary>Moves the clock so far that a probe is due, and waits for what comes of it.</summary>
    private async Task<(string Target, ErrorKind Kind)> ProbeAsync(TimeSpan after)
    {
        _time.Advance(after);
        return await _probed.Reader.ReadAsync(Patience.Token);
    }
}
