using Relay.TestKit;

namespace Relay.Simulator.Tests.Dialects;

/// <summary>Faults of time and of the connection, alike in every dialect.</summary>
public class DialectSilenceFaultTests
{
    private readonly ManualTimeProvider _clock = new();

    public static TheoryData<string> Dialects => Tongue.All;

    [Theory, MemberData(nameof(Dialects))]
    public async Task Reset_NoHeader(string dialect)
    {
        await using var sim = await Sim.StartAsync("reset");
        await Assert.ThrowsAsync<HttpRequestException>(() => sim.SendAsync(Tongue.Of(dialect).Request(stream: true)));
        Assert.Equal(RequestEnding.Faulted, (await sim.Server.Log.WaitForAsync(e => e.EndedAt is not null, sim.Limit)).Ending);
    }

    [Theory, MemberData(nameof(Dialects))]
    public async Task Silence_NoHeaderUntilItsEnd(string dialect)
    {
        await using var sim = await Sim.StartAsync(Options(), "silence=10s,end=continue");
        var tongue = Tongue.Of(dialect);
        var answer = sim.StreamAsync(tongue);
        await _clock.ArmedAsync(sim.Limit);
        _clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(answer.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(tongue.Finishes.Whole, (await answer).Finish);
    }

    [Theory, MemberData(nameof(Dialects))]
    public async Task HeadersThenSilence_HeadersAtOnceThenTheAnswer(string dialect)
    {
        foreach (var stream in new[] { true, false })
        {
            await using var sim = await Sim.StartAsync(Options(), "headers-then-silence=20s");
            var tongue = Tongue.Of(dialect);
            using var response = await sim.SendAsync(tongue.Request(stream));
            Assert.Equal(200, (int)response.StatusCode);
            await _clock.ArmedAsync(sim.Limit);
            _clock.Advance(TimeSpan.FromSeconds(20));
            var seen = stream ? await tongue.ReadStreamAsync(response, sim.Limit) : tongue.ReadPlain(await sim.ReadJsonAsync(response));
            Assert.Equal(Answers.Text(1, "hello there", 12), seen.Text);
        }
    }

    [Theory, MemberData(nameof(Dialects))]
    public async Task FirstToken_HoldsTheHeadersUntilDue(string dialect)
    {
        await using var sim = await Sim.StartAsync(Options(), "first-token=20s");
        var answer = sim.SendAsync(Tongue.Of(dialect).Request(stream: true));
        await _clock.ArmedAsync(sim.Limit);
        _clock.Advance(TimeSpan.FromSeconds(19.9));
        Assert.Equal(1, _clock.ArmedTimers);
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        using var response = await answer;
        Assert.Equal(12, (await Tongue.Of(dialect).ReadStreamAsync(response, sim.Limit)).Words);
    }

    [Theory, MemberData(nameof(Dialects))]
    public async Task Latency_EachTokenAtItsTime_SlowTimesAFactor(string dialect)
    {
        await using var sim = await Sim.StartAsync(Options() with { DefaultWords = 3, Latency = LatencyOptions.Of(100, 20) }, "slow=2");
        var reading = sim.StreamAsync(Tongue.Of(dialect));
        await _clock.ArmedAsync(sim.Limit);
        _clock.Advance(TimeSpan.FromMilliseconds(200));
        for (var word = 1; word < 3; word++)
        {
            await sim.Server.Log.WaitForAsync(e => e.WordsSent == word, sim.Limit);
            await _clock.ArmedAsync(sim.Limit);
            _clock.Advance(TimeSpan.FromMilliseconds(40));
        }

        Assert.Equal(3, (await reading).Words);
        Assert.Equal(TimeSpan.FromMilliseconds(280), _clock.Elapsed);
    }

    private SimulatorOptions Options() => new() { DefaultWords = 12, TimeProvider = _clock };
}
