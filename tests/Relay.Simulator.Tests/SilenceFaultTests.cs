using System.Net.Sockets;
using System.Text;
using Relay.TestKit;

namespace Relay.Simulator.Tests;

public class SilenceFaultTests
{
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public async Task Reset_RawSocket_SeesRstAndNoByte()
    {
        await using var sim = await Sim.StartAsync("reset");
        using var socket = await ConnectAsync(sim);
        await SendAsync(socket, sim);
        var error = await Assert.ThrowsAsync<SocketException>(async () => await socket.ReceiveAsync(new byte[100], sim.Limit));
        Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
        Assert.Equal(RequestEnding.Faulted, (await sim.Server.Log.WaitForAsync(e => e.EndedAt is not null, sim.Limit)).Ending);
    }

    [Fact]
    public async Task Silence_NoHeaders_ThenReset()
    {
        await using var sim = await Sim.StartAsync(Options(), "silence=120s");
        var answer = sim.PostAsync(Sim.Body());
        await sim.Server.Log.WaitForAsync(_ => true, sim.Limit);
        await _clock.ArmedAsync(sim.Limit);
        _clock.Advance(TimeSpan.FromSeconds(119));
        Assert.False(answer.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<HttpRequestException>(() => answer);
    }

    [Fact]
    public async Task Silence_Continue_AnswersLate()
    {
        await using var sim = await Sim.StartAsync(Options(), "silence=10s,end=continue");
        var answer = sim.PostAsync(Sim.Body());
        await _clock.ArmedAsync(sim.Limit);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(200, (int)(await answer).StatusCode);
        Assert.Equal(RequestEnding.Completed, (await sim.Server.Log.WaitForAsync(e => e.EndedAt is not null, sim.Limit)).Ending);
    }

    [Theory]
    [InlineData("continue", 12, false)]
    [InlineData("clean", 0, false)]
    [InlineData("abort", 0, true)]
    public async Task HeadersThenSilence_HeadersAtOnce(string end, int words, bool broken)
    {
        await using var sim = await Sim.StartAsync(Options(), $"headers-then-silence=20s,end={end}");
        using var response = await sim.StreamAsync();
        Assert.Equal(200, (int)response.StatusCode);
        await _clock.ArmedAsync(sim.Limit);
        _clock.Advance(TimeSpan.FromSeconds(20));
        var events = await Events.ReadAsync(response, sim.Limit);
        Assert.Equal(words, events.Words);
        Assert.Equal(broken, events.Broken is not null);
    }

    [Fact]
    public async Task HeadersThenSilence_PlainContinue_SendsTheBody()
    {
        await using var sim = await Sim.StartAsync(Options(), "headers-then-silence=20s");
        using var response = await sim.PostAsync(Sim.Body());
        await _clock.ArmedAsync(sim.Limit);
        _clock.Advance(TimeSpan.FromSeconds(20));
        Assert.True((await sim.ReadJsonAsync(response)).TryGetProperty("usage", out _));
    }

    [Theory]
    [InlineData("first-token=20s", 20_000)]
    [InlineData("slow=4", 400)]
    public async Task Delay_HoldsHeadersUntilDue(string fault, int ms)
    {
        await using var sim = await Sim.StartAsync(Options() with { Latency = LatencyOptions.Of(100, 0) }, fault);
        var answer = sim.StreamAsync();
        await _clock.ArmedAsync(sim.Limit);
        _clock.Advance(TimeSpan.FromMilliseconds(ms - 1));
        Assert.Equal(1, _clock.ArmedTimers);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True((await Events.ReadAsync(await answer, sim.Limit)).Done);
    }

    [Fact]
    public async Task Latency_EachTokenAtItsTime()
    {
        await using var sim = await Sim.StartAsync(Options() with { DefaultWords = 4, Latency = LatencyOptions.Of(100, 20) });
        var reading = sim.EventsAsync();
        await _clock.ArmedAsync(sim.Limit);
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        for (var word = 1; word < 4; word++)
        {
            await sim.Server.Log.WaitForAsync(e => e.WordsSent == word, sim.Limit);
            await _clock.ArmedAsync(sim.Limit);
            _clock.Advance(TimeSpan.FromMilliseconds(20));
        }

        Assert.Equal(4, (await reading).Words);
        Assert.Equal(TimeSpan.FromMilliseconds(160), _clock.Elapsed);
    }

    [Theory]
    [InlineData("150", 150, 150)]
    [InlineData("uniform:100-200", 100, 200)]
    [InlineData("lognormal:150,0.4", 10, 2000)]
    public void Distribution_Samples_WithinBoundsAndRepeatable(string text, double min, double max)
    {
        var distribution = Distribution.Parse(text);
        Assert.Equal(text, distribution.ToString());
        var (a, b) = (new SplitMix64(5), new SplitMix64(5));
        for (var i = 0; i < 1000; i++)
        {
            var sample = distribution.SampleMs(ref a);
            Assert.InRange(sample, min, max);
            Assert.Equal(sample, distribution.SampleMs(ref b));
        }
    }

    private SimulatorOptions Options() => new() { DefaultWords = 12, TimeProvider = _clock };

    private static async Task<Socket> ConnectAsync(Sim sim)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(sim.Server.BaseUrl.Host, sim.Server.BaseUrl.Port, sim.Limit);
        return socket;
    }

    private static async Task SendAsync(Socket socket, Sim sim)
    {
        var body = Sim.Body();
        await socket.SendAsync(Encoding.ASCII.GetBytes($"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: {body.Length}\r\n\r\n{body}"), sim.Limit);
    }
}
