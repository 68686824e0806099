using System.Text.Json;

namespace Relay.Simulator.Tests.Dialects;

/// <summary>What Azure OpenAI has beyond OpenAI: https://learn.microsoft.com/azure/ai-foundry/openai/reference.</summary>
public class AzureTests
{
    private const string Body = """{"messages":[{"role":"user","content":"hello there"}]}""";
    private const string Version = "?api-version=2024-10-21";

    [Theory]
    [InlineData("/openai/deployments/d/chat/completions", 404)]
    [InlineData("/openai/deployments/d/chat/completions" + Version, 200)]
    [InlineData("/openai/deployments/d/completions" + Version, 404)]
    [InlineData("/openai/deployments//chat/completions" + Version, 404)]
    [InlineData("/openai/deployments/d" + Version, 404)]
    [InlineData("/openai/nowhere" + Version, 404)]
    public async Task Path_NeedsDeploymentAndVersion(string path, int status)
    {
        await using var sim = await Sim.StartAsync();
        using var response = await sim.PostAsync(Body, path);
        Assert.Equal(status, (int)response.StatusCode);
        if (status == 404)
        {
            Assert.Equal("""{"error":{"code":"404","message":"Resource not found"}}""", await response.Content.ReadAsStringAsync(sim.Limit));
        }
    }

    [Fact]
    public async Task Deployment_IsTheModelOfFaultsAndLog_WhateverTheBodySays()
    {
        await using var sim = await Sim.StartAsync();
        sim.Server.Faults.Add("my deployment", "overloaded,times=1");
        var body = Sim.Body(model: "other");
        using var refused = await sim.PostAsync(body, "/openai/deployments/my%20deployment/chat/completions" + Version);
        var answer = await sim.JsonAsync(body, "/openai/deployments/my%20deployment/chat/completions" + Version);
        Assert.Equal((503, "my deployment"), ((int)refused.StatusCode, answer.GetProperty("model").GetString()));
        Assert.Equal(2, sim.Server.Log.CountFor("my deployment"));
    }

    [Fact]
    public async Task V1Path_NeedsNoVersionButAModel()
    {
        await using var sim = await Sim.StartAsync();
        var answer = await sim.JsonAsync(Sim.Body(), "/openai/v1/chat/completions");
        Assert.Equal("gpt-sim", answer.GetProperty("model").GetString());
        using var response = await sim.PostAsync(Body, "/openai/v1/chat/completions");
        Assert.Equal(400, (int)response.StatusCode);
    }

    [Fact]
    public async Task Stream_BeginsWithWhatTheFilterFoundInThePrompt_EveryChoiceHasFindings()
    {
        await using var sim = await Sim.StartAsync();
        var seen = await sim.StreamAsync(Tongue.Of("azure"));
        using var first = JsonDocument.Parse(seen.Events[0]);
        Assert.Equal((0, ""), (first.RootElement.GetProperty("choices").GetArrayLength(), first.RootElement.GetProperty("id").GetString()));
        Assert.Equal("safe", first.RootElement.GetProperty("prompt_filter_results")[0].GetProperty("content_filter_results").GetProperty("hate").GetProperty("severity").GetString());
        Assert.All(seen.Events.Skip(1).SkipLast(1), e => Assert.Contains("\"content_filter_results\":", e, StringComparison.Ordinal));
        Assert.True(seen.EndMark);
    }

    [Fact]
    public async Task Plain_HasFindings()
    {
        await using var sim = await Sim.StartAsync();
        using var response = await sim.PostAsync(Body, "/openai/deployments/d/chat/completions" + Version);
        var answer = await sim.ReadJsonAsync(response);
        Assert.False(answer.GetProperty("choices")[0].GetProperty("content_filter_results").GetProperty("violence").GetProperty("filtered").GetBoolean());
        Assert.Equal(1, answer.GetProperty("prompt_filter_results").GetArrayLength());
        Assert.True(response.Headers.Contains("apim-request-id"));
    }

    [Fact]
    public async Task Embeddings_OfADeployment_AreServed()
    {
        await using var sim = await Sim.StartAsync();
        var answer = await sim.JsonAsync("""{"input":"one","dimensions":4}""", "/openai/deployments/e/embeddings" + Version);
        Assert.Equal(Embedding.Vector(1, "one", 4), answer.GetProperty("data")[0].GetProperty("embedding").EnumerateArray().Select(v => v.GetSingle()));
    }

    [Theory]
    [InlineData("{", "We could not parse the JSON body")]
    [InlineData("{}", "Missing required parameter: 'messages'.")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}],"max_tokens":0}""", "integer below minimum value")]
    public async Task Body_Wrong_IsOpenAisError(string body, string message)
    {
        await using var sim = await Sim.StartAsync();
        using var response = await sim.PostAsync(body, "/openai/deployments/d/chat/completions" + Version);
        var error = (await sim.ReadJsonAsync(response)).GetProperty("error");
        Assert.Equal((400, "invalid_request_error"), ((int)response.StatusCode, error.GetProperty("type").GetString()));
        Assert.Contains(message, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }
}
