using System.Text.Json;

namespace Relay.Simulator.Tests;

public class StreamTests
{
    [Fact]
    public async Task Stream_Healthy_RoleWordsFinishDone()
    {
        await using var sim = await Sim.StartAsync();
        var events = await sim.EventsAsync();
        Assert.Equal("""{"role":"assistant","content":"","refusal":null}""", events.Chunks[0].GetProperty("choices")[0].GetProperty("delta").GetRawText());
        Assert.Equal(Answers.Text(1, "hello there", 12), events.Text);
        Assert.Equal(12, events.Words);
        Assert.Equal("stop", events.FinishReason);
        Assert.Equal("{}", events.Chunks[^1].GetProperty("choices")[0].GetProperty("delta").GetRawText());
        Assert.True(events.Done);
        Assert.DoesNotContain(events.Chunks, c => c.TryGetProperty("usage", out _));
    }

    [Fact]
    public async Task Stream_IncludeUsage_OneExtraChunkAndNullOnTheOthers()
    {
        await using var sim = await Sim.StartAsync();
        var events = await sim.EventsAsync("\"stream_options\":{\"include_usage\":true}");
        Assert.All(events.Chunks.SkipLast(1), c => Assert.Equal(JsonValueKind.Null, c.GetProperty("usage").ValueKind));
        Assert.Equal(0, events.Chunks[^1].GetProperty("choices").GetArrayLength());
        Assert.Equal(12, events.Chunks[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        Assert.True(events.Done);
    }

    [Fact]
    public async Task Stream_SeveralChoices_InterleavedEachWithItsText()
    {
        await using var sim = await Sim.StartAsync();
        var events = await sim.EventsAsync("\"n\":3,\"stream_options\":{\"include_usage\":true}");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(Answers.Text(1, "hello there", 12, choice: i), events.TextOf(i));
        }

        Assert.Equal([0, 1, 2, 0, 1, 2], events.Chunks.Take(6).Select(c => c.GetProperty("choices")[0].GetProperty("index").GetInt32()));
        Assert.Equal(36, events.Chunks[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Theory]
    [InlineData(5, false)]
    [InlineData(1, true)]
    [InlineData(100, true)]
    public async Task Stream_ChunkSizeAndCoalescing_KeepTheText(int wordsPerChunk, bool coalesce)
    {
        await using var sim = await Sim.StartAsync(new SimulatorOptions { DefaultWords = 12, WordsPerChunk = wordsPerChunk, CoalesceChunks = coalesce });
        var events = await sim.EventsAsync();
        Assert.Equal(Answers.Text(1, "hello there", 12), events.Text);
        Assert.Equal((12 + wordsPerChunk - 1) / wordsPerChunk, events.Words);
        Assert.True(events.Done);
    }

    [Fact]
    public async Task Stream_Tools_ArgumentsInPieces()
    {
        await using var sim = await Sim.StartAsync();
        var events = await sim.EventsAsync(
            """
            "tools":[{"type":"function","function":{"name":"weather","parameters":{"type":"object","properties":{"city":{"type":"string"},"unit":{"enum":["celsius","kelvin"]}}}}}]
            """,
            "use the tool");
        var calls = events.Chunks.SelectMany(Events.Choices).Select(c => c.GetProperty("delta")).Where(d => d.TryGetProperty("tool_calls", out _)).Select(d => d.GetProperty("tool_calls")[0]).ToArray();
        Assert.Equal("weather", calls[0].GetProperty("function").GetProperty("name").GetString());
        Assert.True(calls.Length > 2);
        using var arguments = JsonDocument.Parse(string.Concat(calls.Select(c => c.GetProperty("function").GetProperty("arguments").GetString())));
        Assert.Equal("celsius", arguments.RootElement.GetProperty("unit").GetString());
        Assert.Equal("tool_calls", events.FinishReason);
    }

    [Fact]
    public async Task Stream_ToolResultLast_IsAnsweredInWords()
    {
        await using var sim = await Sim.StartAsync();
        var json = """{"model":"m","tools":[{"type":"function","function":{"name":"t"}}],"messages":[{"role":"user","content":"use the tool"},{"role":"assistant","content":null,"tool_calls":[]},{"role":"tool","tool_call_id":"c","content":"ok"}]}""";
        Assert.Equal("stop", (await sim.JsonAsync(json)).GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task Stream_OverHttp2PriorKnowledge_IsServed()
    {
        await using var sim = await Sim.StartAsync(new SimulatorOptions { Http2Port = 0, DefaultWords = 12 });
        using var http = new HttpClient { BaseAddress = sim.Server.Http2Url, DefaultRequestVersion = new Version(2, 0), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var response = await http.PostAsync("/v1/chat/completions", new StringContent(Sim.Body("\"stream\":true")));
        Assert.Equal(new Version(2, 0), response.Version);
        Assert.Equal(Answers.Text(1, "hello there", 12), (await Events.ReadAsync(response, sim.Limit)).Text);
        Assert.Equal("HTTP/2", sim.Server.Log.Last!.Protocol);
    }
}
