using System.Text.Json;
using System.Text.Json.Nodes;
using Relay.Gateway.Config;
using Relay.Gateway.Tests.Kit;
using Relay.TestKit;

namespace Relay.Gateway.Tests.Clients;

/// <summary>npm's official clients, <c>openai</c> and <c>@anthropic-ai/sdk</c>, before a provider of every dialect.</summary>
public sealed class NodeClientDialectTests
{
    public static TheoryData<Dialect> All => DialectRig.All;

    [Theory]
    [MemberData(nameof(All))]
    public async Task OpenAi_TextPlainStreamedWithImageAndAfterATool(Dialect dialect)
    {
        await using var rig = await DialectRig.StartAsync(dialect);
        foreach (var scenario in new[] { "chat", "stream-usage", "image", "tool-result" })
        {
            var seen = await OpenAiAsync(rig, scenario);

            Assert.Equal((scenario, rig.Expected()), (scenario, Text(seen, "text")));
            if (scenario is "chat" or "stream-usage")
            {
                Assert.Equal(rig.Primary.Options.DefaultWords, seen.GetProperty("completionTokens").GetInt32());
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task OpenAi_ToolsWholeAndStreamed(Dialect dialect)
    {
        await using var rig = await DialectRig.StartAsync(dialect);

        var seen = await OpenAiAsync(rig, "tools");

        Assert.Equal(("get_weather", "get_weather"), (Text(seen, "name"), Text(seen, "streamedName")));
        AssertSame(Text(seen, "arguments"), Text(seen, "streamedArguments"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Responses_PlainStreamedWithImageAndAfterATool(Dialect dialect)
    {
        await using var rig = await DialectRig.StartAsync(dialect);
        foreach (var scenario in new[] { "response", "response-stream", "response-image", "response-tool-result" })
        {
            var seen = await OpenAiAsync(rig, scenario);

            Assert.Equal((scenario, rig.Expected(), "completed"), (scenario, Text(seen, "whole"), Text(seen, "status")));
            Assert.Equal(rig.Primary.Options.DefaultWords, seen.GetProperty("outputTokens").GetInt32());
            Assert.True(scenario != "response-stream" || Text(seen, "text") == rig.Expected());
        }

        var tools = await OpenAiAsync(rig, "response-tools");
        Assert.Equal("get_weather", Text(tools.GetProperty("calls")[0], "name"));
        AssertSame(Text(tools.GetProperty("calls")[0], "arguments"), Text(tools, "streamedArguments"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Messages_PlainStreamedWithImageAndAfterATool(Dialect dialect)
    {
        await using var rig = await DialectRig.StartAsync(dialect);
        foreach (var scenario in new[] { "chat", "stream", "image", "tool-result" })
        {
            var seen = await AnthropicAsync(rig, scenario);

            Assert.Equal((scenario, rig.Expected(), "end_turn"), (scenario, Text(seen, "text"), Text(seen, "stop")));
            Assert.Equal(rig.Primary.Options.DefaultWords, seen.GetProperty("outputTokens").GetInt32());
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Messages_ToolsThinkingAndCount(Dialect dialect)
    {
        await using var rig = await DialectRig.StartAsync(dialect);

        var tools = await AnthropicAsync(rig, "tools");
        var thinking = await AnthropicAsync(rig, "thinking");
        var count = await AnthropicAsync(rig, "count");

        Assert.Equal("get_weather", Text(tools.GetProperty("whole")[0], "name"));
        AssertSame(Text(tools.GetProperty("whole")[0], "arguments"), Text(tools.GetProperty("calls")[0], "arguments"));
        Assert.Equal("tool_use", Text(tools, "stop"));
        Assert.Equal(rig.Expected(), Text(thinking, "text"));
        Assert.True(count.GetProperty("input_tokens").GetInt32() > 0);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Errors_AreTheClientsOwnClasses(Dialect dialect)
    {
        await using var rig = await DialectRig.StartAsync(dialect);
        rig.Break("status=429");

        var chat = await OpenAiAsync(rig, "error");
        var response = await OpenAiAsync(rig, "response-error");
        var message = await AnthropicAsync(rig, "error");

        Assert.All([chat, response, message], seen => Assert.Equal(("RateLimitError", 429), (Text(seen, "class"), seen.GetProperty("status").GetInt32())));
        Assert.Equal("rate_limit_error", Text(message, "type"));
    }

    private static void AssertSame(string? a, string? b) => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(a!), JsonNode.Parse(b!)), $"{a} is not {b}");

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static Task<JsonElement> OpenAiAsync(Rig rig, string scenario) => RunAsync("openai", "openai.mjs", new Uri(rig.Gateway.Url, "/v1"), scenario);

    private static Task<JsonElement> AnthropicAsync(Rig rig, string scenario) => RunAsync("@anthropic-ai/sdk", "anthropic.mjs", rig.Gateway.Url, scenario);

    private static Task<JsonElement> RunAsync(string package, string program, Uri url, string scenario)
    {
        if (NodeClient.SkipReason(package) is { } reason)
        {
            Assert.Skip(reason);
        }

        return NodeClient.RunAsync(program, [url.ToString().TrimEnd('/'), Rig.Model, scenario], Patience.Token);
    }
}
