using System.Text.Json;

namespace Relay.Simulator.Tests.Dialects;

/// <summary>What only Gemini's dialect has. The shapes are those of https://ai.google.dev/api/generate-content.</summary>
public class GeminiTests
{
    private static readonly GeminiTongue Tongue = new(array: false);

    [Fact]
    public async Task Stream_Sse_IsOneResponseAfterTheOther()
    {
        await using var sim = await Sim.StartAsync(new SimulatorOptions { DefaultWords = 2 });
        using var response = await sim.SendAsync(Tongue.Request(stream: true));
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.ToString());
        var text = await response.Content.ReadAsStringAsync(sim.Limit);
        using var first = JsonDocument.Parse(text["data: ".Length..text.IndexOf("\r\n", StringComparison.Ordinal)]);
        var id = first.RootElement.GetProperty("responseId").GetString();
        Assert.Equal(
            $$"""
            data: {"candidates":[{"content":{"parts":[{"text":"Ledger"}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":2,"totalTokenCount":2,"promptTokensDetails":[{"modality":"TEXT","tokenCount":2}]},"modelVersion":"sim-model","responseId":"{{id}}"}

            data: {"candidates":[{"content":{"parts":[{"text":" mirror"}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":2,"totalTokenCount":2,"promptTokensDetails":[{"modality":"TEXT","tokenCount":2}]},"modelVersion":"sim-model","responseId":"{{id}}"}

            data: {"candidates":[{"content":{"parts":[{"text":""}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":2,"candidatesTokenCount":2,"totalTokenCount":4,"promptTokensDetails":[{"modality":"TEXT","tokenCount":2}]},"modelVersion":"sim-model","responseId":"{{id}}"}


            """.ReplaceLineEndings("\r\n"),
            text);
    }

    [Fact]
    public async Task Stream_WithoutAlt_IsOneArrayOfTheSameResponses()
    {
        await using var sim = await Sim.StartAsync();
        var events = await sim.StreamAsync(Tongue);
        using var response = await sim.SendAsync(new GeminiTongue(array: true).Request(stream: true));
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        var array = await sim.ReadJsonAsync(response);
        Assert.Equal(events.Events.Count, array.GetArrayLength());
        Assert.Equal(events.Text, string.Concat(array.EnumerateArray().Select(e => e.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts")[0].GetProperty("text").GetString())));
    }

    [Fact]
    public async Task Error_OfAnArray_IsAnElement()
    {
        await using var sim = await Sim.StartAsync("status=503");
        using var response = await sim.SendAsync(new GeminiTongue(array: true).Request(stream: true));
        Assert.Equal(503, (await sim.ReadJsonAsync(response))[0].GetProperty("error").GetProperty("code").GetInt32());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Thoughts_Included_PrecedeTheAnswerAndAreCountedApart(bool stream)
    {
        await using var sim = await Sim.StartAsync();
        var seen = await sim.AnswerAsync(Tongue, stream, "\"generationConfig\":{\"thinkingConfig\":{\"includeThoughts\":true}}");
        Assert.Equal((Answers.Thinking(sim.Server.Options, "hello there"), Answers.Text(1, "hello there", 12), 12 + 32), (seen.Thinking, seen.Text, seen.OutputTokens));
        if (stream)
        {
            using var last = JsonDocument.Parse(seen.Events[^1]);
            var usage = last.RootElement.GetProperty("usageMetadata");
            Assert.Equal((12, 32), (usage.GetProperty("candidatesTokenCount").GetInt32(), usage.GetProperty("thoughtsTokenCount").GetInt32()));
        }
    }

    [Theory]
    [InlineData("""{"thinkingBudget":0}""", 0)]
    [InlineData("""{"thinkingBudget":-1}""", 32)]
    [InlineData("""{"thinking_level":"HIGH"}""", 32)]
    public async Task Thoughts_NotIncluded_OnlyCost(string config, int tokens)
    {
        await using var sim = await Sim.StartAsync();
        var seen = await sim.PlainAsync(Tongue, $"\"generation_config\":{{\"thinking_config\":{config}}}");
        Assert.Equal(("", 12 + tokens), (seen.Thinking, seen.OutputTokens));
    }

    [Fact]
    public async Task Call_OfAThinkingModel_IsSignedAndTakenBack()
    {
        await using var sim = await Sim.StartAsync();
        var extra = Tongue.Tools("weather") + ",\"generationConfig\":{\"thinkingConfig\":{\"thinkingBudget\":100}}";
        var first = await PlainAsync(sim, """[{"role":"user","parts":[{"text":"use the tool"}]}]""", extra);
        var content = first.Body.GetProperty("candidates")[0].GetProperty("content").GetRawText();
        Assert.Contains("thoughtSignature", content, StringComparison.Ordinal);
        Assert.Contains("\"functionCall\":{\"id\":", content, StringComparison.Ordinal);
        var history = $$"""[{"parts":[{"text":"use the tool"}]},{{content}},{"role":"user","parts":[{"functionResponse":{"name":"weather","response":{"result":"sunny"} } }]}]""";

        var second = await PlainAsync(sim, history, extra);
        var changed = await PlainAsync(sim, history.Replace("\"thoughtSignature\":\"", "\"thoughtSignature\":\"x", StringComparison.Ordinal), extra);

        Assert.Equal((200, Answers.Text(1, "use the tool", 12)), (second.Status, second.Body.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts")[0].GetProperty("text").GetString()));
        Assert.Equal((400, "Thought signature is not valid."), (changed.Status, changed.Body.GetProperty("error").GetProperty("message").GetString()));
    }

    [Fact]
    public async Task Call_OfAModelThatDoesNotThink_HasNoIdAndNoSignature()
    {
        await using var sim = await Sim.StartAsync();
        var seen = await sim.StreamAsync(Tongue, Tongue.Tools("weather"), "use the tool");
        Assert.Contains("{\"functionCall\":{\"name\":\"weather\",\"args\":", seen.Events[0], StringComparison.Ordinal);
        Assert.DoesNotContain("thoughtSignature", string.Concat(seen.Events), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Candidates_Several_EachWithItsText(bool stream)
    {
        await using var sim = await Sim.StartAsync();
        const string Two = "\"generationConfig\":{\"candidateCount\":2}";
        using var response = await sim.SendAsync(new GeminiTongue(array: true).Request(stream, Two));
        var body = await sim.ReadJsonAsync(response);
        var candidates = (stream ? body.EnumerateArray() : Enumerable.Repeat(body, 1)).SelectMany(e => e.GetProperty("candidates").EnumerateArray()).ToArray();
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(Answers.Text(1, "hello there", 12, choice: i), string.Concat(candidates.Where(c => c.GetProperty("index").GetInt32() == i).Select(c => c.GetProperty("content").GetProperty("parts")[0].GetProperty("text").GetString())));
        }
    }

    [Fact]
    public async Task Cached_IsPartOfThePrompt()
    {
        await using var sim = await Sim.StartAsync(new SimulatorOptions { CachedPromptPercent = 50 });
        var usage = (await PlainAsync(sim, """[{"parts":[{"text":"one two three four"}]}]""")).Body.GetProperty("usageMetadata");
        Assert.Equal((4, 2), (usage.GetProperty("promptTokenCount").GetInt32(), usage.GetProperty("cachedContentTokenCount").GetInt32()));
    }

    [Theory]
    [InlineData("""{"mode":"ANY"}""", "weather,time")]
    [InlineData("""{"mode":"ANY","allowedFunctionNames":["time"]}""", "time")]
    [InlineData("""{"mode":"AUTO"}""", "weather,time")]
    [InlineData("""{"mode":"NONE"}""", "")]
    public async Task ToolConfig_Decides(string config, string called)
    {
        await using var sim = await Sim.StartAsync();
        var seen = await sim.PlainAsync(Tongue, $"{Tongue.Tools("weather", "time")},\"toolConfig\":{{\"functionCallingConfig\":{config}}}", "use the tools");
        Assert.Equal(called, string.Join(',', seen.Calls.Select(c => c.Name)));
    }

    [Theory]
    [InlineData("\"responseMimeType\":\"application/json\"", "answer")]
    [InlineData("\"responseMimeType\":\"application/json\",\"responseSchema\":{\"type\":\"OBJECT\",\"properties\":{\"city\":{\"type\":\"STRING\"}}}", "city")]
    [InlineData("\"response_mime_type\":\"application/json\",\"response_json_schema\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"additionalProperties\":false}", "city")]
    public async Task JsonFormat_AnswersJson(string config, string property)
    {
        await using var sim = await Sim.StartAsync();
        using var json = JsonDocument.Parse((await sim.PlainAsync(Tongue, $"\"generationConfig\":{{{config}}}")).Text);
        Assert.True(json.RootElement.TryGetProperty(property, out _));
    }

    [Fact]
    public async Task JsonFormat_SameSchema_SameTextAsOpenAi()
    {
        await using var sim = await Sim.StartAsync();
        const string Schema = """{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer"}}}""";
        var openAi = await sim.PlainAsync(Dialects.Tongue.Of("openai"), $$"""
            "response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{{Schema}} } }
            """);
        var gemini = await sim.PlainAsync(Tongue, $$"""
            "generationConfig":{"responseMimeType":"application/json","responseSchema":{{Schema}}}
            """);
        Assert.Equal(openAi.Text, gemini.Text);
    }

    [Fact]
    public async Task Contents_ImagesSystemAndResponses_AreAccepted()
    {
        await using var sim = await Sim.StartAsync();
        var answer = await PlainAsync(sim, """
            [{"role":"user","parts":[{"text":"hello there"},{"inlineData":{"mimeType":"image/png","data":"aGVsbG8="}},{"file_data":{"file_uri":"https://example.com/a.png"}}]},
             {"role":"model","parts":[{"text":"thinking","thought":true},{"functionCall":{"name":"a","args":{}}},{"functionCall":{"name":"b","args":{"x":1}},"thoughtSignature":"skip_thought_signature_validator"}]},
             {"role":"user","parts":[{"functionResponse":{"name":"a","response":{"r":1}}},{"functionResponse":{"name":"b","response":{}}}]}]
            """, "\"system_instruction\":{\"parts\":[{\"text\":\"be brief\"}]}," + Tongue.Tools("a", "b"));
        Assert.Equal((200, Answers.Text(1, "hello there", 12)), (answer.Status, answer.Body.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts")[0].GetProperty("text").GetString()));
    }

    [Theory]
    [InlineData("""{"contents":[{"parts":[{"text":"hello there"}]}]}""", 2)]
    [InlineData("""{"generateContentRequest":{"model":"models/m","systemInstruction":{"parts":[{"text":"be brief"}]},"contents":[{"parts":[{"text":"hello there"}]}]}}""", 4)]
    public async Task CountTokens_CountsContentsOrAWholeRequest(string body, int tokens)
    {
        await using var sim = await Sim.StartAsync();
        var answer = await sim.JsonAsync(body, "/v1beta/models/m:countTokens");
        Assert.Equal(tokens, answer.GetProperty("totalTokens").GetInt32());
    }

    private static async Task<(int Status, JsonElement Body)> PlainAsync(Sim sim, string contents, string extra = "")
    {
        using var request = Tongue.Request(stream: false, extra: $"\"contents\":{contents}{(extra.Length > 0 ? "," + extra : "")}");
        using var response = await sim.SendAsync(request);
        return ((int)response.StatusCode, await sim.ReadJsonAsync(response));
    }
}
