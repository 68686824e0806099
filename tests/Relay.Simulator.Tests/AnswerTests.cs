namespace Relay.Simulator.Tests;

public class AnswerTests
{
    [Fact]
    public void Text_ShorterAnswer_IsPrefixOfLonger()
    {
        var all = Answers.Text(7, "hi", 40);
        for (var words = 0; words <= 40; words++)
        {
            Assert.StartsWith(Answers.Text(7, "hi", words), all, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Text_OtherSeedMessageModelOrChoice_IsAnotherText()
    {
        var texts = new[] { Answers.Text(1, "a", 20), Answers.Text(2, "a", 20), Answers.Text(1, "b", 20), Answers.Text(1, "a", 20, "m"), Answers.Text(1, "a", 20, "", 1) };
        Assert.Equal(texts.Length, texts.Distinct().Count());
    }

    [Theory]
    [InlineData("/v1/models", "data")]
    [InlineData("/openai/models?api-version=2024-10-21", "data")]
    [InlineData("/v1beta/models", "models")]
    public async Task Models_AreListedInEveryDialect(string path, string list)
    {
        await using var sim = await Sim.StartAsync(new SimulatorOptions { Models = ["a", "b"] });
        using var json = System.Text.Json.JsonDocument.Parse(await sim.Http.GetStringAsync(path));
        Assert.Equal(2, json.RootElement.GetProperty(list).GetArrayLength());
    }

    [Fact]
    public async Task Plain_AnyModelAndSimulatorOfOneSeed_SameText()
    {
        await using var a = await Sim.StartAsync();
        await using var b = await Sim.StartAsync();
        var one = await a.JsonAsync(Sim.Body(model: "x"));
        var two = await b.JsonAsync(Sim.Body(model: "y"));
        Assert.Equal(Answers.Text(a.Server.Options, "hello there"), Content(one));
        Assert.Equal(Content(one), Content(two));
    }

    [Fact]
    public async Task Plain_AnswersByModel_TextDiffersAndCanBeComputed()
    {
        await using var sim = await Sim.StartAsync(new SimulatorOptions { SameAnswerForEveryModel = false });
        var x = Content(await sim.JsonAsync(Sim.Body(model: "x")));
        Assert.Equal(Answers.Text(sim.Server.Options, "hello there", "x"), x);
        Assert.NotEqual(x, Content(await sim.JsonAsync(Sim.Body(model: "y"))));
    }

    [Fact]
    public async Task Plain_CarriesFieldsThatPassThrough()
    {
        await using var sim = await Sim.StartAsync();
        using var response = await sim.PostAsync(Sim.Body());
        var answer = await sim.ReadJsonAsync(response);
        Assert.StartsWith("fp_", answer.GetProperty("system_fingerprint").GetString(), StringComparison.Ordinal);
        Assert.Equal("default", answer.GetProperty("service_tier").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, answer.GetProperty("choices")[0].GetProperty("logprobs").ValueKind);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, answer.GetProperty("choices")[0].GetProperty("message").GetProperty("refusal").ValueKind);
        Assert.Equal("stop", answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        foreach (var header in new[] { "x-request-id", "openai-processing-ms", "x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests", "x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens" })
        {
            Assert.True(response.Headers.Contains(header), header);
        }
    }

    [Theory]
    [InlineData("max_tokens")]
    [InlineData("max_completion_tokens")]
    public async Task Plain_MaxTokensBelowAnswer_FinishesByLength(string field)
    {
        await using var sim = await Sim.StartAsync();
        var answer = await sim.JsonAsync(Sim.Body($"\"{field}\":5"));
        Assert.Equal(Answers.Text(1, "hello there", 5), Content(answer));
        Assert.Equal("length", answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(5, answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task Usage_CachedAndReasoning_AsConfigured()
    {
        await using var sim = await Sim.StartAsync(new SimulatorOptions { DefaultWords = 10, ReasoningTokensOnEffort = 7 });
        var usage = (await sim.JsonAsync(Sim.Body("\"reasoning_effort\":\"high\"", "one two three four five six seven eight"))).GetProperty("usage");
        Assert.Equal(8, usage.GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(17, usage.GetProperty("completion_tokens").GetInt32());
        Assert.Equal(25, usage.GetProperty("total_tokens").GetInt32());
        Assert.Equal(2, usage.GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32());
        Assert.Equal(7, usage.GetProperty("completion_tokens_details").GetProperty("reasoning_tokens").GetInt32());
    }

    [Theory]
    [InlineData("""{"role":"assistant","content":"PARTIAL"}""")]
    [InlineData("""{"role":"assistant","content":"PARTIAL"},{"role":"user","content":"Please continue."}""")]
    public async Task Plain_TrailingPrefixOfAnswer_IsContinued(string tail)
    {
        await using var sim = await Sim.StartAsync();
        var partial = Answers.Text(1, "hello there", 4);
        var json = $$"""{"model":"m","messages":[{"role":"user","content":"hello there"},{{tail.Replace("PARTIAL", partial.Replace("\\", "\\\\").Replace("\"", "\\\""))}}]}""";
        Assert.Equal(Answers.Text(1, "hello there", 12), partial + Content(await sim.JsonAsync(json)));
    }

    [Fact]
    public async Task Plain_TrailingAssistantThatIsNoPrefix_IsAnsweredInFull()
    {
        await using var sim = await Sim.StartAsync();
        var answer = await sim.JsonAsync("""{"model":"m","messages":[{"role":"user","content":"hello there"},{"role":"assistant","content":"Something else"}]}""");
        Assert.Equal(Answers.Text(1, "hello there", 12), Content(answer));
    }

    [Fact]
    public async Task Plain_Padding_ReachesTheSizeExactly()
    {
        await using var sim = await Sim.StartAsync(new SimulatorOptions { PadResponseToBytes = 4096 });
        using var response = await sim.PostAsync(Sim.Body());
        Assert.Equal(4096, (await response.Content.ReadAsByteArrayAsync()).Length);
    }

    [Theory]
    [InlineData("""{"type":"json_object"}""")]
    [InlineData("""{"type":"json_schema","json_schema":{"name":"s","schema":{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer"}}}}}""")]
    public async Task Plain_JsonFormat_AnswersJson(string format)
    {
        await using var sim = await Sim.StartAsync();
        using var json = System.Text.Json.JsonDocument.Parse(Content(await sim.JsonAsync(Sim.Body($"\"response_format\":{format}"))));
        Assert.True(json.RootElement.TryGetProperty(format.Contains("city") ? "city" : "answer", out _));
    }

    [Theory]
    [InlineData("{", 400, null, null)]
    [InlineData("""{"messages":[{"role":"user","content":"x"}]}""", 400, "model", "missing_required_parameter")]
    [InlineData("""{"model":"m"}""", 400, "messages", "missing_required_parameter")]
    [InlineData("""{"model":"m","messages":[]}""", 400, "messages", "empty_array")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"max_tokens":0}""", 400, "max_tokens", "integer_below_min_value")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"stream_options":{}}""", 400, "stream_options", null)]
    public async Task WrongRequest_GetsOpenAiError(string json, int status, string? param, string? code)
    {
        await using var sim = await Sim.StartAsync();
        using var response = await sim.PostAsync(json);
        var error = (await sim.ReadJsonAsync(response)).GetProperty("error");
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        Assert.Equal(param, error.GetProperty("param").GetString());
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal(RequestEnding.Completed, (await sim.Server.Log.WaitForAsync(e => e.EndedAt is not null, sim.Limit)).Ending);
    }

    [Fact]
    public async Task ApiKey_WrongOrMissing_Is401()
    {
        await using var sim = await Sim.StartAsync(new SimulatorOptions { ApiKey = "sk-right" });
        Assert.Equal(401, (int)(await sim.PostAsync(Sim.Body())).StatusCode);
        sim.Http.DefaultRequestHeaders.Authorization = new("Bearer", "sk-wrong");
        var error = await sim.JsonAsync(Sim.Body());
        Assert.Equal("invalid_api_key", error.GetProperty("error").GetProperty("code").GetString());
        sim.Http.DefaultRequestHeaders.Authorization = new("Bearer", "sk-right");
        Assert.Equal(200, (int)(await sim.PostAsync(Sim.Body())).StatusCode);
    }

    [Fact]
    public async Task Models_ListsConfiguredNames()
    {
        await using var sim = await Sim.StartAsync(new SimulatorOptions { Models = ["a", "b"] });
        var list = await sim.ReadJsonAsync(await sim.Http.GetAsync("/v1/models"));
        Assert.Equal(["a", "b"], list.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()!));
        Assert.Equal(404, (int)(await sim.Http.GetAsync("/v1/models/c")).StatusCode);
        Assert.Equal(404, (int)(await sim.Http.GetAsync("/nowhere")).StatusCode);
    }

    private static string Content(System.Text.Json.JsonElement answer) => answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
}
