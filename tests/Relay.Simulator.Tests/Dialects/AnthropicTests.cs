using System.Globalization;
using System.Text.Json;
using Relay.TestKit;

namespace Relay.Simulator.Tests.Dialects;

/// <summary>What only Anthropic's dialect has. The shapes are those of https://platform.claude.com/docs/en/build-with-claude/streaming.</summary>
public class AnthropicTests
{
    private static readonly AnthropicTongue Tongue = new();

    [Fact]
    public async Task Stream_Text_IsTheReferencesSequenceOfEvents()
    {
        await using var sim = await Sim.StartAsync(new SimulatorOptions { DefaultWords = 2 });
        using var response = await sim.SendAsync(Tongue.Request(stream: true));
        var id = response.Headers.GetValues("request-id").Single()["req_".Length..];
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(
            """
            event: message_start
            data: {"type":"message_start","message":{"id":"msg_ID","type":"message","role":"assistant","model":"sim-model","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":2,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0},"output_tokens":1,"service_tier":"standard"}}}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

            event: ping
            data: {"type":"ping"}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Ledger"}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" mirror"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":0}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"input_tokens":2,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":2}}

            event: message_stop
            data: {"type":"message_stop"}


            """.Replace("ID", id, StringComparison.Ordinal),
            await response.Content.ReadAsStringAsync(sim.Limit));
    }

    [Fact]
    public async Task Stream_SeveralTools_EachIsABlockWithItsInputInPieces()
    {
        await using var sim = await Sim.StartAsync();
        var seen = await sim.StreamAsync(Tongue, Tongue.Tools("weather", "time"), "use the tools");
        var types = seen.Events.Select(e => JsonDocument.Parse(e).RootElement).Select(e =>
            e.GetProperty("type").GetString() + (e.TryGetProperty("index", out var index) ? index.GetInt32().ToString(CultureInfo.InvariantCulture) : "")).ToList();
        Assert.Equal(["content_block_start0", "content_block_stop0", "content_block_start1", "content_block_stop1"], types.Where(t => t.StartsWith("content_block_st", StringComparison.Ordinal)));
        var first = JsonDocument.Parse(seen.Events[1]).RootElement.GetProperty("content_block");
        Assert.StartsWith("toolu_", first.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Equal("{}", first.GetProperty("input").GetRawText());
        Assert.Equal("""{"type":"input_json_delta","partial_json":""}""", JsonDocument.Parse(seen.Events[2]).RootElement.GetProperty("delta").GetRawText());
    }

    [Theory]
    [InlineData(true, """{"type":"enabled","budget_tokens":1024}""")]
    [InlineData(false, """{"type":"enabled","budget_tokens":1024}""")]
    [InlineData(true, """{"type":"adaptive"}""")]
    public async Task Thinking_ThoughtsAreTheFirstBlockAndCost(bool stream, string thinking)
    {
        await using var sim = await Sim.StartAsync();
        var seen = await sim.AnswerAsync(Tongue, stream, $"\"thinking\":{thinking}");
        Assert.Equal(Answers.Thinking(sim.Server.Options, "hello there"), seen.Thinking);
        Assert.Equal((Answers.Text(1, "hello there", 12), 12 + 32), (seen.Text, seen.OutputTokens));
        if (stream)
        {
            var types = seen.Events.Select(e => JsonDocument.Parse(e).RootElement).Where(e => e.GetProperty("type").GetString() == "content_block_delta")
                .Select(e => e.GetProperty("index").GetInt32() + e.GetProperty("delta").GetProperty("type").GetString()).Distinct();
            Assert.Equal(["0thinking_delta", "0signature_delta", "1text_delta"], types);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Thinking_DisplayOmitted_IsABlockWithoutTextButSigned(bool stream)
    {
        await using var sim = await Sim.StartAsync();
        using var response = await sim.SendAsync(Tongue.Request(stream, "\"thinking\":{\"type\":\"adaptive\",\"display\":\"omitted\"}"));
        var text = await response.Content.ReadAsStringAsync(sim.Limit);
        Assert.DoesNotContain("thinking_delta", text, StringComparison.Ordinal);
        Assert.Matches(stream ? "\"type\":\"signature_delta\",\"signature\":\".+\"" : "\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\".+\"", text);
        Assert.Contains("\"thinking_tokens\":32", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_SystemInTheMiddle_IsTaken()
    {
        await using var sim = await Sim.StartAsync();
        var answer = await PlainAsync(sim, """[{"role":"user","content":"hello there"},{"role":"system","content":"be brief"}]""");
        Assert.Equal(Answers.Text(1, "hello there", 12), answer.Body.GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Thinking_GivenBackUnchanged_IsTaken_ChangedIsRefused()
    {
        await using var sim = await Sim.StartAsync();
        const string Thinking = """
            "thinking":{"type":"enabled","budget_tokens":1024}
            """;
        var first = await PlainAsync(sim, """[{"role":"user","content":"use the tool"}]""", Thinking + "," + Tongue.Tools("weather"));
        var content = first.Body.GetProperty("content");
        Assert.Equal(["thinking", "tool_use"], content.EnumerateArray().Select(b => b.GetProperty("type").GetString()));
        var history = $$"""[{"role":"user","content":"use the tool"},{"role":"assistant","content":{{content.GetRawText()}}},{"role":"user","content":[{"type":"tool_result","tool_use_id":"{{content[1].GetProperty("id").GetString()}}","content":"sunny"}]}]""";

        var second = await PlainAsync(sim, history, Thinking + "," + Tongue.Tools("weather"));
        var changed = await PlainAsync(sim, history.Replace("\"signature\":\"", "\"signature\":\"x", StringComparison.Ordinal), Thinking);

        Assert.Equal((200, "end_turn"), (second.Status, second.Body.GetProperty("stop_reason").GetString()));
        Assert.Equal(400, changed.Status);
        Assert.Equal("messages.1.content.0: Invalid `signature` in `thinking` block", changed.Body.GetProperty("error").GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("""{"type":"ephemeral"}""", 2, 0)]
    [InlineData("""{"type":"ephemeral","ttl":"1h"}""", 0, 2)]
    public async Task CacheControl_UsageHasReadWrittenAndTheRestApart(string control, int write5m, int write1h)
    {
        await using var sim = await Sim.StartAsync(new SimulatorOptions { CachedPromptPercent = 50, CacheWritePromptPercent = 20, DefaultWords = 3 });
        var answer = await PlainAsync(sim, """[{"role":"user","content":"six seven eight nine ten"}]""", $$"""
            "system":[{"type":"text","text":"one two three four five","cache_control":{{control}}}]
            """);
        var usage = answer.Body.GetProperty("usage");
        Assert.Equal((3, 5, 2), (usage.GetProperty("input_tokens").GetInt32(), usage.GetProperty("cache_read_input_tokens").GetInt32(), usage.GetProperty("cache_creation_input_tokens").GetInt32()));
        Assert.Equal((write5m, write1h), (usage.GetProperty("cache_creation").GetProperty("ephemeral_5m_input_tokens").GetInt32(), usage.GetProperty("cache_creation").GetProperty("ephemeral_1h_input_tokens").GetInt32()));
    }

    [Fact]
    public async Task StopSequence_IsNamed()
    {
        await using var sim = await Sim.StartAsync();
        var answer = await PlainAsync(sim, """[{"role":"user","content":"hello there"}]""", "\"stop_sequences\":[\"nowhere\",\"mirror\"]");
        Assert.Equal(("stop_sequence", "mirror"), (answer.Body.GetProperty("stop_reason").GetString(), answer.Body.GetProperty("stop_sequence").GetString()));
    }

    [Fact]
    public async Task Refusal_HasItsDetails()
    {
        await using var sim = await Sim.StartAsync("refusal-after=0");
        var answer = await PlainAsync(sim, """[{"role":"user","content":"hello there"}]""");
        Assert.Equal((0, "refusal"), (answer.Body.GetProperty("content").GetArrayLength(), answer.Body.GetProperty("stop_details").GetProperty("type").GetString()));
    }

    [Fact]
    public async Task OutputFormat_Schema_AnswersJson()
    {
        await using var sim = await Sim.StartAsync();
        var answer = await PlainAsync(sim, """[{"role":"user","content":"hello there"}]""", """
            "output_config":{"format":{"type":"json_schema","schema":{"type":"object","properties":{"city":{"type":"string"}}}}}
            """);
        using var json = JsonDocument.Parse(answer.Body.GetProperty("content")[0].GetProperty("text").GetString()!);
        Assert.Equal(JsonValueKind.String, json.RootElement.GetProperty("city").ValueKind);
    }

    [Fact]
    public async Task Messages_ImagesResultsAndSystem_AreAccepted()
    {
        await using var sim = await Sim.StartAsync();
        var answer = await PlainAsync(sim, """
            [{"role":"user","content":[{"type":"text","text":"hello there"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"aGVsbG8="}},{"type":"image","source":{"type":"url","url":"https://example.com/a.png"}}]},
             {"role":"assistant","content":[{"type":"text","text":"I see."},{"type":"tool_use","id":"toolu_1","name":"a","input":{}},{"type":"tool_use","id":"toolu_2","name":"b","input":{"x":1}}]},
             {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_2","content":[{"type":"text","text":"two words"}]},{"type":"tool_result","tool_use_id":"toolu_1","is_error":true}]},
             {"role":"user","content":"go on with the tool"}]
            """, "\"system\":\"be brief\"," + Tongue.Tools("a", "b"));
        Assert.Equal((200, "tool_use"), (answer.Status, answer.Body.GetProperty("stop_reason").GetString()));
        Assert.Equal(2 + 2 + 2 + 2 + 5, answer.Body.GetProperty("usage").GetProperty("input_tokens").GetInt32() + answer.Body.GetProperty("usage").GetProperty("cache_read_input_tokens").GetInt32());
    }

    [Fact]
    public async Task ToolResultLast_IsAnsweredInWords()
    {
        await using var sim = await Sim.StartAsync();
        var answer = await PlainAsync(sim, """
            [{"role":"user","content":"use the tool"},{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"a","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"ok"}]}]
            """, Tongue.Tools("a"));
        Assert.Equal(Answers.Text(1, "use the tool", 12), answer.Body.GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("""{"type":"any"}""", "weather,time")]
    [InlineData("""{"type":"any","disable_parallel_tool_use":true}""", "weather")]
    [InlineData("""{"type":"tool","name":"time"}""", "time")]
    [InlineData("""{"type":"auto"}""", "weather,time")]
    [InlineData("""{"type":"none"}""", "")]
    public async Task ToolChoice_Decides(string choice, string called)
    {
        await using var sim = await Sim.StartAsync();
        var seen = await sim.PlainAsync(Tongue, $"{Tongue.Tools("weather", "time")},\"tool_choice\":{choice}", "use the tools");
        Assert.Equal(called, string.Join(',', seen.Calls.Select(c => c.Name)));
    }

    [Fact]
    public async Task CountTokens_CountsSystemAndMessages()
    {
        await using var sim = await Sim.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages/count_tokens") { Content = new StringContent("""{"model":"m","system":"be brief","messages":[{"role":"user","content":"hello there"}]}""") };
        request.Headers.Add("anthropic-version", "2023-06-01");
        using var response = await sim.SendAsync(request);
        Assert.Equal("""{"input_tokens":4}""", await response.Content.ReadAsStringAsync(sim.Limit));
    }

    [Fact]
    public async Task Headers_RequestIdAndRateLimits()
    {
        await using var sim = await Sim.StartAsync(new SimulatorOptions { TimeProvider = new ManualTimeProvider() });
        using var response = await sim.SendAsync(Tongue.Request(stream: false));
        Assert.StartsWith("req_", response.Headers.GetValues("request-id").Single(), StringComparison.Ordinal);
        foreach (var limit in new[] { "requests", "tokens", "input-tokens", "output-tokens" })
        {
            Assert.True(response.Headers.Contains($"anthropic-ratelimit-{limit}-limit"), limit);
            Assert.True(response.Headers.Contains($"anthropic-ratelimit-{limit}-remaining"), limit);
            Assert.Equal("2026-01-01T00:00:00Z", response.Headers.GetValues($"anthropic-ratelimit-{limit}-reset").Single());
        }
    }

    [Fact]
    public async Task Log_HoldsTheBetaHeader()
    {
        await using var sim = await Sim.StartAsync();
        using var request = Tongue.Request(stream: false);
        request.Headers.Add("anthropic-beta", "one,two");
        using var response = await sim.SendAsync(request);
        Assert.Equal("one,two", sim.Server.Log.Last!.AnthropicBeta);
    }

    private static async Task<(int Status, JsonElement Body)> PlainAsync(Sim sim, string messages, string extra = "")
    {
        using var request = Tongue.Request(stream: false, extra: $"\"messages\":{messages}{(extra.Length > 0 ? "," + extra : "")}");
        using var response = await sim.SendAsync(request);
        return ((int)response.StatusCode, await sim.ReadJsonAsync(response));
    }
}
