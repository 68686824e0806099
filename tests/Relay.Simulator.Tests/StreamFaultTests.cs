using System.Text.Json;
using Relay.TestKit;

namespace Relay.Simulator.Tests;

public class StreamFaultTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(12)]
    public async Task CutAfter_Abort_ExactlyNWordsThenReset(int words)
    {
        await using var sim = await Sim.StartAsync($"cut-after={words}");
        var events = await sim.EventsAsync();
        Assert.NotNull(events.Broken);
        Assert.Equal(Answers.Text(1, "hello there", words), events.Text);
        Assert.Null(events.FinishReason);
        var entry = await sim.Server.Log.WaitForAsync(e => e.EndedAt is not null, sim.Limit);
        Assert.Equal((RequestEnding.Faulted, words), (entry.Ending, entry.WordsSent));
    }

    [Fact]
    public async Task CutAfter_Clean_EndsWithoutFinishOrDone()
    {
        await using var sim = await Sim.StartAsync(new SimulatorOptions { DefaultWords = 12, WordsPerChunk = 4 }, "cut-after=5,end=clean");
        var events = await sim.EventsAsync();
        Assert.Null(events.Broken);
        Assert.Equal(Answers.Text(1, "hello there", 5), events.Text);
        Assert.Null(events.FinishReason);
        Assert.False(events.Done);
    }

    [Fact]
    public async Task CutAfter_PlainRequest_IsNotHitNorCounted()
    {
        await using var sim = await Sim.StartAsync("cut-after=5,times=1");
        Assert.Equal(200, (int)(await sim.PostAsync(Sim.Body())).StatusCode);
        Assert.Equal(0, sim.Server.Faults.Rules[0].Seen);
    }

    [Theory]
    [InlineData("continue", 12, true)]
    [InlineData("clean", 3, false)]
    [InlineData("abort", 3, false)]
    public async Task StallAfter_PausesThenEndsAsSaid(string end, int words, bool done)
    {
        var clock = new ManualTimeProvider();
        await using var sim = await Sim.StartAsync(new SimulatorOptions { DefaultWords = 12, TimeProvider = clock }, $"stall-after=3,for=30s,end={end}");
        var reading = sim.EventsAsync();
        await sim.Server.Log.WaitForAsync(e => e.WordsSent == 3, sim.Limit);
        await clock.ArmedAsync(sim.Limit);
        clock.Advance(TimeSpan.FromSeconds(29.9));
        Assert.False(reading.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.2));
        var events = await reading;
        Assert.Equal(Answers.Text(1, "hello there", words), events.Text);
        Assert.Equal(done, events.Done);
        Assert.Equal(end == "abort", events.Broken is not null);
    }

    [Fact]
    public async Task MalformedEvent_IsOneExtraEvent()
    {
        await using var sim = await Sim.StartAsync("malformed-event-after=4");
        var events = await sim.EventsAsync();
        Assert.Equal(events.Data.Count, events.Chunks.Count + 2);
        Assert.Equal(Answers.Text(1, "hello there", 12), events.Text);
        Assert.True(events.Done);
    }

    [Fact]
    public async Task NoDone_FinishesWithoutDone()
    {
        await using var sim = await Sim.StartAsync("no-done");
        var events = await sim.EventsAsync();
        Assert.Equal("stop", events.FinishReason);
        Assert.False(events.Done);
        Assert.Null(events.Broken);
    }

    [Fact]
    public async Task UsageOnChoices_FinishChunkCarriesUsage()
    {
        await using var sim = await Sim.StartAsync("usage-on-choices");
        var events = await sim.EventsAsync("\"stream_options\":{\"include_usage\":true}");
        var withUsage = Assert.Single(events.Chunks, c => c.TryGetProperty("usage", out _));
        Assert.Equal("stop", withUsage.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(12, withUsage.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task NoUsage_NoneThoughAsked()
    {
        await using var sim = await Sim.StartAsync("no-usage");
        var events = await sim.EventsAsync("\"stream_options\":{\"include_usage\":true}");
        Assert.DoesNotContain(events.Chunks, c => c.TryGetProperty("usage", out _));
        Assert.True(events.Done);
        Assert.False((await sim.JsonAsync(Sim.Body())).TryGetProperty("usage", out _));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(4, 6)]
    public async Task ErrorInStream_AfterNWords_ErrorIsTheLastEvent(int words, int expectedEvents)
    {
        await using var sim = await Sim.StartAsync($"error-in-stream-after={words},code=oops,type=odd");
        var events = await sim.EventsAsync();
        Assert.Equal(expectedEvents, events.Data.Count);
        Assert.Equal("oops", events.Chunks[^1].GetProperty("error").GetProperty("code").GetString());
        Assert.Equal("odd", events.Chunks[^1].GetProperty("error").GetProperty("type").GetString());
        Assert.Equal(words, events.Words);
    }

    [Fact]
    public async Task HugeLine_OneLineAboveAMebibyte_TextUnharmed()
    {
        await using var sim = await Sim.StartAsync("huge-line,words=2");
        var events = await sim.EventsAsync();
        Assert.True(Assert.Single(events.Data, d => d.Length > 10_000).Length > 1024 * 1024);
        Assert.Equal(Answers.Text(1, "hello there", 12), events.Text);
        Assert.True(events.Done);
    }

    [Fact]
    public async Task RoleOnly_OneChunkThenCleanEnd()
    {
        await using var sim = await Sim.StartAsync("role-only");
        var events = await sim.EventsAsync();
        Assert.Single(events.Data);
        Assert.Null(events.Broken);
    }

    [Fact]
    public async Task EmptyChoices_StreamAndPlain()
    {
        await using var sim = await Sim.StartAsync("empty-choices");
        var events = await sim.EventsAsync();
        Assert.Equal(0, Assert.Single(events.Chunks).GetProperty("choices").GetArrayLength());
        Assert.Equal(0, (await sim.JsonAsync(Sim.Body())).GetProperty("choices").GetArrayLength());
    }

    [Fact]
    public async Task TruncatedBody_EndsBeforeItsLength()
    {
        await using var sim = await Sim.StartAsync("truncated-body");
        using var response = await sim.PostAsync(Sim.Body());
        Assert.Equal(200, (int)response.StatusCode);
        Assert.True(response.Content.Headers.ContentLength > 0);
        var broken = await Assert.ThrowsAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync(sim.Limit));
        Assert.Equal(HttpRequestError.ResponseEnded, broken.HttpRequestError);
    }

    [Fact]
    public async Task BadJsonBody_Is200ThatDoesNotParse()
    {
        await using var sim = await Sim.StartAsync("bad-json-body");
        using var response = await sim.PostAsync(Sim.Body());
        Assert.Equal(200, (int)response.StatusCode);
        var body = await response.Content.ReadAsStringAsync(sim.Limit);
        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(body));
    }

    [Fact]
    public async Task CutAfter_Http2_ResetsOnlyTheStream()
    {
        await using var sim = await Sim.StartAsync(new SimulatorOptions { Http2Port = 0, DefaultWords = 12 }, "cut-after=3,times=1");
        using var http = new HttpClient { BaseAddress = sim.Server.Http2Url, DefaultRequestVersion = new Version(2, 0), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        for (var i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(Sim.Body("\"stream\":true")), Version = new Version(2, 0), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            var events = new Events([], new IOException("reset before headers"));
            try
            {
                using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, sim.Limit);
                events = await Events.ReadAsync(response, sim.Limit);
            }
            catch (HttpRequestException)
            {
                // The reset can overtake the headers.
            }

            Assert.Equal(i == 0, events.Broken is not null);
        }

        Assert.Single(sim.Server.Log.Entries.Select(e => e.ConnectionId).Distinct());
    }
}
