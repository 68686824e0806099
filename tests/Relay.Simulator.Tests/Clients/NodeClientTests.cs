using System.Text.Json;
using Relay.TestKit;

namespace Relay.Simulator.Tests.Clients;

/// <summary>npm's official clients straight against the simulator: <c>@anthropic-ai/sdk</c> and <c>@google/genai</c>, by the programs in tests/clients.</summary>
public class NodeClientTests
{
    public enum Client
    {
        Anthropic,
        Gemini,
    }

    [Theory]
    [InlineData(Client.Anthropic, "chat")]
    [InlineData(Client.Anthropic, "stream")]
    [InlineData(Client.Anthropic, "image")]
    [InlineData(Client.Gemini, "chat")]
    [InlineData(Client.Gemini, "stream")]
    [InlineData(Client.Gemini, "image")]
    public async Task Chat_TextFinishAndUsage(Client client, string scenario)
    {
        await using var sim = await Sim.StartAsync();
        var seen = await RunAsync(sim, client, scenario);
        Assert.Equal(Answers.Text(1, "hello", 12), seen.GetProperty("text").GetString());
        Assert.Equal(client == Client.Gemini ? "STOP" : "end_turn", seen.GetProperty(client == Client.Gemini ? "finish" : "stop").GetString());
        Assert.Equal(12, seen.GetProperty(client == Client.Gemini ? "answerTokens" : "outputTokens").GetInt32());
    }

    [Theory]
    [InlineData(Client.Anthropic)]
    [InlineData(Client.Gemini)]
    public async Task Thinking_ThoughtsApartFromTheText(Client client)
    {
        await using var sim = await Sim.StartAsync();
        var seen = await RunAsync(sim, client, "thinking");
        Assert.Equal((Answers.Thinking(sim.Server.Options, "hello"), Answers.Text(1, "hello", 12)), (seen.GetProperty("thinking").GetString(), seen.GetProperty("text").GetString()));
    }

    [Theory]
    [InlineData(Client.Anthropic)]
    [InlineData(Client.Gemini)]
    public async Task Tools_WholeAndStreamed_TheSameCall(Client client)
    {
        await using var sim = await Sim.StartAsync();
        var seen = await RunAsync(sim, client, "tools");
        var (whole, streamed) = (seen.GetProperty("whole")[0], seen.GetProperty("calls")[0]);
        Assert.Equal("get_weather", whole.GetProperty("name").GetString());
        Assert.Equal(whole.GetProperty("arguments").GetString(), streamed.GetProperty("arguments").GetString());
        Assert.Matches("\"city\":\".+\"", streamed.GetProperty("arguments").GetString());
    }

    [Theory]
    [InlineData(Client.Anthropic)]
    [InlineData(Client.Gemini)]
    public async Task ToolResult_GivenBack_IsAnsweredInWords(Client client)
    {
        await using var sim = await Sim.StartAsync();
        Assert.Equal(Answers.Text(1, "hello", 12), (await RunAsync(sim, client, "tool-result")).GetProperty("text").GetString());
    }

    [Theory]
    [InlineData(Client.Anthropic, "input_tokens")]
    [InlineData(Client.Gemini, "totalTokens")]
    public async Task Count_Counts(Client client, string property)
    {
        await using var sim = await Sim.StartAsync();
        Assert.Equal(1, (await RunAsync(sim, client, "count")).GetProperty(property).GetInt32());
    }

    [Theory]
    [InlineData(Client.Anthropic, "status=429", "RateLimitError", 429, "rate_limit_error")]
    [InlineData(Client.Anthropic, "overloaded", "OverloadedError", 529, "overloaded_error")]
    [InlineData(Client.Anthropic, "unauthorized", "AuthenticationError", 401, "authentication_error")]
    [InlineData(Client.Anthropic, "status=400,code=context_length_exceeded", "BadRequestError", 400, "prompt is too long")]
    [InlineData(Client.Gemini, "status=429,retry-after=7", "ApiError", 429, "RetryInfo")]
    [InlineData(Client.Gemini, "overloaded", "ApiError", 503, "UNAVAILABLE")]
    [InlineData(Client.Gemini, "unauthorized", "ApiError", 400, "API_KEY_INVALID")]
    public async Task Error_IsTheClientsOwnClass(Client client, string fault, string name, int status, string message)
    {
        await using var sim = await Sim.StartAsync(fault);
        var seen = await RunAsync(sim, client, "error");
        Assert.Equal((name, status), (seen.GetProperty("class").GetString(), seen.GetProperty("status").GetInt32()));
        Assert.Contains(message, seen.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Client.Anthropic, "error-in-stream-after=3", "Overloaded")]
    [InlineData(Client.Anthropic, "cut-after=3,end=clean", "ended without producing")]
    [InlineData(Client.Gemini, "error-in-stream-after=3", "UNAVAILABLE")]
    public async Task BrokenStream_IsThrown(Client client, string fault, string message)
    {
        await using var sim = await Sim.StartAsync(fault);
        var seen = await RunAsync(sim, client, "stream");
        Assert.Contains(message, seen.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BlockedPrompt_Gemini_HasItsReason()
    {
        await using var sim = await Sim.StartAsync("status=400,code=content_policy_violation");
        Assert.Equal("PROHIBITED_CONTENT", (await RunAsync(sim, Client.Gemini, "stream")).GetProperty("blocked").GetString());
    }

    [Fact]
    public async Task Config_Gemini_JsonAndOptions_AreTaken()
    {
        await using var sim = await Sim.StartAsync();
        using var json = JsonDocument.Parse((await RunAsync(sim, Client.Gemini, "json")).GetProperty("text").GetString()!);
        Assert.True(json.RootElement.TryGetProperty("city", out _));
        var cut = await RunAsync(sim, Client.Gemini, "system");
        Assert.Equal((Answers.Text(1, "hello", 5), "MAX_TOKENS"), (cut.GetProperty("text").GetString(), cut.GetProperty("finish").GetString()));
    }

    [Fact]
    public async Task Abort_Anthropic_IsSeen()
    {
        await using var sim = await Sim.StartAsync("stall-after=3");
        Assert.True((await RunAsync(sim, Client.Anthropic, "abort")).GetProperty("events").GetInt32() > 0);
        Assert.Equal(RequestEnding.ClientAborted, (await sim.Server.Log.WaitForAsync(e => e.EndedAt is not null, sim.Limit)).Ending);
    }

    private static async Task<JsonElement> RunAsync(Sim sim, Client client, string scenario)
    {
        if (NodeClient.SkipReason(client == Client.Anthropic ? "@anthropic-ai/sdk" : "@google/genai") is { } reason)
        {
            Assert.Skip(reason);
        }

        return await NodeClient.RunAsync(client == Client.Anthropic ? "anthropic.mjs" : "gemini.mjs", [sim.Server.BaseUrl.ToString().TrimEnd('/'), "sim-model", scenario], sim.Limit);
    }
}
