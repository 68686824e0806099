using System.Text;
using System.Text.Json.Nodes;
using Relay.Gateway.Config;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Clients;

/// <summary>
/// Claude Code's way of calling, by its shape (https://docs.claude.com/en/docs/claude-code/llm-gateway and the Messages API's reference): <c>?beta=true</c>,
/// beta headers, blocks with cache_control, thinking, many tools, and turns of tool_use and tool_result.
/// </summary>
public sealed class ClaudeCodeTests
{
    private const string Beta = "claude-code-20250219,interleaved-thinking-2025-05-14,fine-grained-tool-streaming-2025-05-14";

    /// <summary>The simulator calls a tool when it is asked to.</summary>
    private const string Wish = "use a tool to list the files";

    private static readonly string[] ToolNames =
    [
        "Task", "Bash", "Glob", "Grep", "LS", "Read", "Edit", "MultiEdit", "Write", "NotebookEdit", "WebFetch", "TodoWrite", "WebSearch", "BashOutput", "KillShell", "mcp__server__look_up",
    ];

    public static TheoryData<Dialect> All => DialectRig.All;

    /// <summary>The first turn: the model calls a tool. The second: it gets the result beside its own blocks, unchanged, and answers.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public async Task TwoTurns_ToolCallAndAnswer_AreWholeStreams(Dialect dialect)
    {
        await using var rig = await DialectRig.StartAsync(dialect);

        var first = await AskAsync(rig, Request(tools: true, User(Wish)));
        var call = Assert.Single(first.Blocks, b => (string?)b["type"] == "tool_use");
        var result = new JsonObject { ["role"] = "user", ["content"] = new JsonArray(Result((string)call["id"]!)) };
        var second = await AskAsync(rig, Request(tools: false, User(Wish), new JsonObject { ["role"] = "assistant", ["content"] = new JsonArray([.. first.Blocks.Select(b => b.DeepClone())]) }, result));

        Assert.Equal(("tool_use", "end_turn"), (first.Stop, second.Stop));
        Assert.Contains((string)call["name"]!, ToolNames);
        Assert.IsType<JsonObject>(call["input"]);
        Assert.Equal(rig.Expected(Wish), string.Concat(second.Blocks.Where(b => (string?)b["type"] == "text").Select(b => (string?)b["text"])));
        Assert.True(first.OutputTokens > 0 && second.OutputTokens > 0);
        Assert.Equal(["messages", "messages"], [(await rig.Records.NextAsync()).Endpoint, (await rig.Records.NextAsync()).Endpoint]);
    }

    [Fact]
    public async Task OpenAiTarget_GetsEverythingInItsOwnForm()
    {
        await using var rig = await DialectRig.StartAsync(Dialect.OpenAi);
        var assistant = JsonNode.Parse("""{"role":"assistant","content":[{"type":"thinking","thinking":"ls first","signature":"EqoBCkgIAhABGAIi"},{"type":"text","text":"I look."},{"type":"tool_use","id":"toolu_01","name":"Bash","input":{"command":"ls"}}]}""")!;
        var result = new JsonObject { ["role"] = "user", ["content"] = new JsonArray(Result("toolu_01")) };

        var (seen, dropped) = await SendAsync(rig, Request(tools: true, User(Wish), assistant, result));

        Assert.NotEmpty(seen.Blocks);
        var sent = JsonNode.Parse(rig.Primary.Log.Entries[0].Body.Span)!;
        Assert.Equal("/v1/chat/completions", rig.Primary.Log.Entries[0].Path);
        Assert.Equal(ToolNames, sent["tools"]!.AsArray().Select(t => (string)t!["function"]!["name"]!));
        Assert.Equal(["system", "user", "assistant", "tool"], sent["messages"]!.AsArray().Select(m => (string)m!["role"]!));
        Assert.Equal(("toolu_01", "{\"command\":\"ls\"}"), ((string)sent["messages"]![2]!["tool_calls"]![0]!["id"]!, (string)sent["messages"]![2]!["tool_calls"]![0]!["function"]!["arguments"]!));
        Assert.Equal(("toolu_01", "a.txt\nb.txt"), ((string)sent["messages"]![3]!["tool_call_id"]!, (string)sent["messages"]![3]!["content"]!));
        Assert.Equal(("user_1_account_2_session_3", "high", 32000), ((string)sent["user"]!, (string)sent["reasoning_effort"]!, (int)sent["max_completion_tokens"]!));
        Assert.DoesNotContain("cache_control", sent.ToJsonString(), StringComparison.Ordinal);
        Assert.Null(rig.Primary.Log.Entries[0].AnthropicBeta);
        Assert.Contains("cache_control", dropped, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnthropicTarget_GetsBetaHeaderAndBytesUnchanged()
    {
        await using var rig = await DialectRig.StartAsync(Dialect.Anthropic);
        var request = Request(tools: true, User(Wish)).ToJsonString();

        await SendAsync(rig, JsonNode.Parse(request)!);

        var entry = rig.Primary.Log.Entries[0];
        Assert.Equal((Beta, request.Replace(Rig.Model, Rig.Upstream, StringComparison.Ordinal)), (entry.AnthropicBeta, Encoding.UTF8.GetString(entry.Body.Span)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task CountTokens_OfTheSameRequest_Counts(Dialect dialect)
    {
        await using var rig = await DialectRig.StartAsync(dialect);
        var request = Request(tools: true, User(Wish));
        foreach (var name in new[] { "max_tokens", "stream", "metadata", "temperature" })
        {
            request.Remove(name);
        }

        using var response = await PostAsync(rig, "/v1/messages/count_tokens?beta=true", request);

        Assert.True((int)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["input_tokens"]! > 0);
    }

    private static JsonObject Request(bool tools, params JsonNode[] messages) => new JsonObject
    {
        ["model"] = Rig.Model,
        ["messages"] = new JsonArray(messages),
        ["system"] = JsonNode.Parse("""[{"type":"text","text":"You are Claude Code, Anthropic's official CLI for Claude.","cache_control":{"type":"ephemeral"}},{"type":"text","text":"Be brief.\n\n<env>\nPlatform: linux\n</env>","cache_control":{"type":"ephemeral"}}]"""),
        ["tools"] = tools ? Tools() : new JsonArray(),
        ["metadata"] = new JsonObject { ["user_id"] = "user_1_account_2_session_3" },
        ["max_tokens"] = 32000,
        ["thinking"] = new JsonObject { ["type"] = "enabled", ["budget_tokens"] = 31999 },
        ["stream"] = true,
    };

    private static JsonArray Tools()
    {
        var tools = new JsonArray();
        foreach (var name in ToolNames)
        {
            tools.Add(new JsonObject
            {
                ["name"] = name,
                ["description"] = "Uses " + name + ".\n\nUsage:\n- with care",
                ["input_schema"] = JsonNode.Parse("""{"type":"object","properties":{"command":{"type":"string","description":"What to do"},"timeout":{"type":"number"}},"required":["command"],"additionalProperties":false,"$schema":"http://json-schema.org/draft-07/schema#"}"""),
            });
        }

        tools[^1]!["cache_control"] = new JsonObject { ["type"] = "ephemeral" };
        return tools;
    }

    private static JsonObject User(string text) => new JsonObject
    {
        ["role"] = "user",
        ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = text, ["cache_control"] = new JsonObject { ["type"] = "ephemeral" } }),
    };

    private static JsonObject Result(string id) => new()
    {
        ["tool_use_id"] = id,
        ["type"] = "tool_result",
        ["content"] = "a.txt\nb.txt",
        ["is_error"] = false,
        ["cache_control"] = new JsonObject { ["type"] = "ephemeral" },
    };

    private static async Task<Turn> AskAsync(Rig rig, JsonNode request) => (await SendAsync(rig, request)).Turn;

    private static async Task<(Turn Turn, string Dropped)> SendAsync(Rig rig, JsonNode request)
    {
        using var response = await PostAsync(rig, "/v1/messages?beta=true", request);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        Assert.True(response.IsSuccessStatusCode, Encoding.UTF8.GetString(bytes));
        return (Turn.Read(bytes), response.Headers.TryGetValues("x-relay-dropped", out var names) ? string.Join(',', names) : "");
    }

    private static async Task<HttpResponseMessage> PostAsync(Rig rig, string path, JsonNode body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        foreach (var (name, value) in new[] { ("anthropic-beta", Beta), ("anthropic-version", "2023-06-01"), ("anthropic-dangerous-direct-browser-access", "true"), ("x-app", "cli"), ("User-Agent", "claude-cli/2.0.0 (external, cli)"), ("Authorization", "Bearer unused"), ("x-stainless-retry-count", "0") })
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await rig.Client.SendAsync(request, Patience.Token);
    }

    /// <summary>What a client puts together from a stream of messages; throws where the stream is not one.</summary>
    private sealed record Turn(IReadOnlyList<JsonObject> Blocks, string? Stop, int OutputTokens)
    {
        public static Turn Read(byte[] bytes)
        {
            var blocks = new List<JsonObject>();
            var input = new StringBuilder();
            var (stop, tokens, ended) = (default(string), 0, false);
            foreach (var e in ReferenceSse.Parse(bytes).Select(e => JsonNode.Parse(e)!))
            {
                Assert.False(ended);
                switch ((string)e["type"]!)
                {
                    case "content_block_start":
                        Assert.Equal(blocks.Count, (int)e["index"]!);
                        blocks.Add((JsonObject)e["content_block"]!.DeepClone());
                        input.Clear();
                        break;
                    case "content_block_delta":
                        Add(blocks[(int)e["index"]!], (JsonObject)e["delta"]!, input);
                        break;
                    case "content_block_stop" when input.Length > 0:
                        blocks[(int)e["index"]!]["input"] = JsonNode.Parse(input.ToString());
                        break;
                    case "message_delta":
                        (stop, tokens) = ((string?)e["delta"]!["stop_reason"], (int)e["usage"]!["output_tokens"]!);
                        break;
                    case "message_stop":
                        ended = true;
                        break;
                }
            }

            Assert.True(ended);
            return new(blocks, stop, tokens);
        }

        private static void Add(JsonObject block, JsonObject delta, StringBuilder input)
        {
            foreach (var (name, value) in delta.Where(d => d.Key is "text" or "thinking" or "signature"))
            {
                block[name] = (string?)block[name] + (string?)value;
            }

            input.Append((string?)delta["partial_json"]);
        }
    }
}
