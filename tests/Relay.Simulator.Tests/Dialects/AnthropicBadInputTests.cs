namespace Relay.Simulator.Tests.Dialects;

/// <summary>Requests that the real API refuses, in its words: https://platform.claude.com/docs/en/api/errors.</summary>
public class AnthropicBadInputTests
{
    private const string User = """{"role":"user","content":"x"}""";
    private const string Uses = """{"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"a","input":{}},{"type":"tool_use","id":"t2","name":"a","input":{}}]}""";

    [Theory]
    [InlineData("""{""", "The request body is not valid JSON")]
    [InlineData("""[]""", "Input should be a valid dictionary")]
    [InlineData("""{"max_tokens":9,"messages":[]}""", "model: Field required")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}]}""", "max_tokens: Field required")]
    [InlineData("""{"model":"m","max_tokens":9}""", "messages: Field required")]
    [InlineData("""{"model":"m","max_tokens":9,"messages":[]}""", "messages: at least one message is required")]
    [InlineData("""{"model":"m","max_tokens":9,"messages":"x"}""", "messages: Input should be a valid list")]
    [InlineData("""{"model":1,"max_tokens":9,"messages":[]}""", "model: Input should be a valid string")]
    [InlineData("""{"model":"m","max_tokens":"9","messages":[]}""", "max_tokens: Input should be a valid integer")]
    [InlineData("""{"model":"m","max_tokens":-1,"messages":[]}""", "max_tokens: Input should be greater than or equal to 0")]
    public async Task Body_Wrong_Is400(string body, string message) => await RefusedAsync(body, message);

    [Theory]
    [InlineData("\"frequency_penalty\":0", "frequency_penalty: Extra inputs are not permitted")]
    [InlineData("\"n\":2", "n: Extra inputs are not permitted")]
    [InlineData("\"temperature\":1.5", "temperature: Input should be less than or equal to 1")]
    [InlineData("\"stop_sequences\":[\" \"]", "stop_sequences: each stop sequence must contain non-whitespace")]
    [InlineData("\"stop_sequences\":[1]", "stop_sequences: Input should be a valid string")]
    [InlineData("\"stream\":\"yes\"", "stream: Input should be a valid boolean")]
    [InlineData("\"system\":1", "system: Input should be a valid string or list")]
    [InlineData("\"system\":[{\"type\":\"image\"}]", "system.0.type: Input should be 'text'")]
    [InlineData("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":100}", "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024")]
    [InlineData("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":5000}", "`max_tokens` must be greater than `thinking.budget_tokens`")]
    [InlineData("\"thinking\":{\"type\":\"enabled\"}", "thinking.enabled.budget_tokens: Field required")]
    [InlineData("\"thinking\":{\"type\":\"odd\"}", "thinking: Input tag 'odd'")]
    [InlineData("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024},\"temperature\":0.5", "`temperature` may only be set to 1 when thinking is enabled")]
    [InlineData("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024},\"top_k\":5", "`top_k` must be unset when thinking is enabled")]
    [InlineData("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024},\"top_p\":0.5", "`top_p` must be greater than or equal to 0.95")]
    [InlineData("\"tools\":[{\"name\":\"a\"}]", "tools.0.custom.input_schema: Field required")]
    [InlineData("\"tools\":[{\"input_schema\":{\"type\":\"object\"}}]", "tools.0.custom.name: Field required")]
    [InlineData("\"tools\":[{\"name\":\"a\",\"input_schema\":{}}]", "tools.0.custom.input_schema.type: Field required")]
    [InlineData("\"tools\":[{\"name\":\"a b\",\"input_schema\":{\"type\":\"object\"}}]", "tools.0.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'")]
    [InlineData("\"tools\":[{\"name\":\"a\",\"input_schema\":{\"type\":\"object\"}},{\"name\":\"a\",\"input_schema\":{\"type\":\"object\"}}]", "tools: Tool names must be unique.")]
    [InlineData("\"tool_choice\":{\"type\":\"any\"}", "tool_choice may only be specified while providing tools.")]
    [InlineData("\"tools\":[],\"tool_choice\":{\"type\":\"tool\",\"name\":\"z\"}", "Tool 'z' not found in provided tools")]
    [InlineData("\"tools\":[{\"name\":\"a\",\"input_schema\":{\"type\":\"object\"}}],\"tool_choice\":{\"type\":\"any\"},\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}", "Thinking may not be enabled when tool_choice forces tool use.")]
    [InlineData("\"output_config\":{\"format\":{\"type\":\"json_object\"}}", "output_config.format.type: Input should be 'json_schema'")]
    [InlineData("\"output_config\":{\"format\":{\"type\":\"json_schema\"}}", "output_config.format.schema: Field required")]
    public async Task Field_Wrong_Is400(string field, string message) =>
        await RefusedAsync($$"""{"model":"m","max_tokens":4096,"messages":[{{User}}],{{field}}}""", message);

    [Theory]
    [InlineData("1", "messages.0: Input should be a valid dictionary")]
    [InlineData("""{"content":"x"}""", "messages.0.role: Field required")]
    [InlineData("""{"role":"tool","content":"x"}""", "messages.0.role: Input should be 'user' or 'assistant'")]
    [InlineData("""{"role":"system","content":"x"}""", "messages: Unexpected role \"system\"")]
    [InlineData("""{"role":"user"}""", "messages.0.content: Field required")]
    [InlineData("""{"role":"user","content":""}""", "messages.0: user messages must have non-empty content")]
    [InlineData("""{"role":"user","content":[]}""", "messages.0: user messages must have non-empty content")]
    [InlineData("""{"role":"user","content":[{"type":"text","text":""}]}""", "messages: text content blocks must be non-empty")]
    [InlineData("""{"role":"user","content":[{"type":"image_url"}]}""", "messages.0.content.0: Input tag 'image_url' found using 'type'")]
    [InlineData("""{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/bmp","data":"aGk="}}]}""", "messages.0.content.0.source.base64.media_type: Input should be 'image/jpeg'")]
    [InlineData("""{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"?"}}]}""", "invalid base64 data")]
    [InlineData("""{"role":"user","content":[{"type":"image","source":{"type":"url","url":"ftp://x"}}]}""", "Only HTTPS URLs are supported.")]
    [InlineData("""{"role":"user","content":[{"type":"thinking","thinking":"x","signature":"made up"}]}""", "messages.0.content.0: Invalid `signature` in `thinking` block")]
    public async Task Message_Wrong_Is400(string message, string expected) =>
        await RefusedAsync($$"""{"model":"m","max_tokens":9,"messages":[{{message}},{{User}}]}""", expected);

    [Theory]
    [InlineData(User + "," + Uses + "," + User, "messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: t1, t2.")]
    [InlineData(User + "," + Uses, "messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: t1, t2.")]
    [InlineData(User + "," + Uses + """,{"role":"user","content":[{"type":"tool_result","tool_use_id":"t2"}]}""", "immediately after: t1.")]
    [InlineData("""{"role":"user","content":[{"type":"tool_result","tool_use_id":"t9"}]}""", "messages.0.content.0: unexpected `tool_use_id` found in `tool_result` blocks: t9.")]
    [InlineData(User + "," + Uses + """,{"role":"user","content":[{"type":"text","text":"first"},{"type":"tool_result","tool_use_id":"t1"},{"type":"tool_result","tool_use_id":"t2"}]}""", "without `tool_result` blocks immediately after")]
    [InlineData(User + "," + Uses + """,{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1"},{"type":"tool_result","tool_use_id":"t1"}]}""", "each tool_use must have a single result")]
    [InlineData(User + """,{"role":"assistant","content":"x "}""", "messages: final assistant content cannot end with trailing whitespace")]
    public async Task Turns_Wrong_Is400(string messages, string expected) =>
        await RefusedAsync($$"""{"model":"m","max_tokens":9,"messages":[{{messages}}]}""", expected);

    [Fact]
    public async Task ThinkingWithATextPrefill_Is400() => await RefusedAsync(
        $$"""{"model":"m","max_tokens":4096,"thinking":{"type":"enabled","budget_tokens":1024},"messages":[{{User}},{"role":"assistant","content":"so"}]}""",
        "messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `text`.");

    [Fact]
    public async Task ResultsInTwoMessagesOfOneTurn_AreTaken()
    {
        await using var sim = await StartAsync();
        using var response = await sim.PostAsync($$"""{"model":"m","max_tokens":9,"messages":[{{User}},{{Uses}},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1"}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t2"}]}]}""", "/v1/messages");
        Assert.Equal(200, (int)response.StatusCode);
    }

    [Theory]
    [InlineData(null, "anthropic-version: header is required")]
    [InlineData("2024-10-22", "anthropic-version: \"2024-10-22\" is not a valid version")]
    public async Task Version_MissingOrWrong_Is400(string? version, string message)
    {
        await using var sim = await Sim.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages") { Content = new StringContent($$"""{"model":"m","max_tokens":9,"messages":[{{User}}]}""") };
        if (version is not null)
        {
            request.Headers.Add("anthropic-version", version);
        }

        using var response = await sim.SendAsync(request);
        Assert.Equal((400, message), ((int)response.StatusCode, new AnthropicTongue().ErrorOf(await sim.ReadJsonAsync(response)).Message));
    }

    // https://platform.claude.com/docs/en/api/migration-2026-10-21
    [Theory]
    [InlineData("\"temperature\":1", User, "temperature: Extra inputs are not permitted")]
    [InlineData("\"top_p\":0.9", User, "top_p: Extra inputs are not permitted")]
    [InlineData("\"top_k\":5", User, "top_k: Extra inputs are not permitted")]
    [InlineData("\"stream\":false", User + """,{"role":"assistant","content":[{"type":"document","source":{}}]}""", "messages.1.content.0")]
    [InlineData("\"stream\":false", """{"role":"user","content":[{"type":"text","text":"x","citations":[{}]}]}""", "messages.0.content.0.citations")]
    public async Task Version20261021_TakesLessThanTheOneBefore(string field, string messages, string message)
    {
        await using var sim = await Sim.StartAsync();
        var body = $$"""{"model":"m","max_tokens":9,{{field}},"messages":[{{messages}}]}""";
        foreach (var (version, status) in new[] { ("2023-06-01", 200), ("2026-10-21", 400) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages?beta=true") { Content = new StringContent(body) };
            request.Headers.Add("anthropic-version", version);
            using var response = await sim.SendAsync(request);
            Assert.Equal(status, (int)response.StatusCode);
            if (status == 400)
            {
                Assert.StartsWith(message, new AnthropicTongue().ErrorOf(await sim.ReadJsonAsync(response)).Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("GET", "/v1/messages", 405, "invalid_request_error")]
    [InlineData("POST", "/v1/messages/batches", 404, "not_found_error")]
    public async Task Path_Unknown_IsAnthropicsError(string method, string path, int status, string type)
    {
        await using var sim = await StartAsync();
        using var response = await sim.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        var body = await sim.ReadJsonAsync(response);
        Assert.Equal((status, type), ((int)response.StatusCode, new AnthropicTongue().ErrorOf(body).Type));
        Assert.StartsWith("req_", body.GetProperty("request_id").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_TooLarge_Is413()
    {
        await using var sim = await Sim.StartAsync(new SimulatorOptions { MaxRequestBytes = 100 });
        using var response = await sim.PostAsync(new string('x', 101), "/v1/messages");
        Assert.Equal((413, "request_too_large"), ((int)response.StatusCode, new AnthropicTongue().ErrorOf(await sim.ReadJsonAsync(response)).Type));
    }

    [Fact]
    public async Task CountTokens_MaxTokens_IsAnUnknownField()
    {
        await using var sim = await StartAsync();
        using var response = await sim.PostAsync($$"""{"model":"m","max_tokens":9,"messages":[{{User}}]}""", "/v1/messages/count_tokens");
        Assert.Equal((400, "max_tokens: Extra inputs are not permitted"), ((int)response.StatusCode, new AnthropicTongue().ErrorOf(await sim.ReadJsonAsync(response)).Message));
    }

    private static async Task<Sim> StartAsync()
    {
        var sim = await Sim.StartAsync();
        sim.Http.DefaultRequestHeaders.Add("anthropic-version", "2023-06-01");
        return sim;
    }

    private static async Task RefusedAsync(string body, string message)
    {
        await using var sim = await StartAsync();
        using var response = await sim.PostAsync(body, "/v1/messages");
        var error = new AnthropicTongue().ErrorOf(await sim.ReadJsonAsync(response));
        Assert.Equal((400, "invalid_request_error"), ((int)response.StatusCode, error.Type));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(RequestEnding.Completed, (await sim.Server.Log.WaitForAsync(e => e.EndedAt is not null, sim.Limit)).Ending);
    }
}
