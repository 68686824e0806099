using System.Text.Json;
using Relay.Core.Errors;
using Relay.Gateway.Tests.Kit;
using Relay.Simulator;
using Relay.TestKit;

namespace Relay.Gateway.Tests.Clients;

/// <summary>npm's official <c>openai</c> client against a real gateway; tests/clients/openai.mjs is the program it runs in.</summary>
public sealed class NodeClientTests
{
    [Fact]
    public async Task Chat_GivesTextUsageAndHeaders()
    {
        await using var rig = await Rig.StartAsync();

        var result = await RunAsync(rig, "chat");

        Assert.Equal(rig.Expected(), result.GetProperty("text").GetString());
        Assert.Equal("stop", result.GetProperty("finish").GetString());
        Assert.Equal(rig.Primary.Options.DefaultWords, result.GetProperty("completionTokens").GetInt32());
        Assert.Equal("p0/gpt-sim", result.GetProperty("target").GetString());
    }

    [Theory]
    [InlineData("stream", false)]
    [InlineData("stream-usage", true)]
    public async Task Stream_GivesUsageToWhomAskedForIt(string scenario, bool usage)
    {
        await using var rig = await Rig.StartAsync();

        var result = await RunAsync(rig, scenario);

        Assert.Equal(rig.Expected(), result.GetProperty("text").GetString());
        Assert.Equal(usage, result.GetProperty("completionTokens").ValueKind == JsonValueKind.Number);
        Assert.Equal(usage ? 1 : 0, result.GetProperty("chunksWithoutChoices").GetInt32());
    }

    [Fact]
    public async Task Tools_ComeWholeAndStreamed()
    {
        await using var rig = await Rig.StartAsync();

        var result = await RunAsync(rig, "tools");

        Assert.Equal("get_weather", result.GetProperty("name").GetString());
        Assert.Equal("get_weather", result.GetProperty("streamedName").GetString());
        Assert.Equal(result.GetProperty("arguments").GetString(), result.GetProperty("streamedArguments").GetString());
    }

    [Fact]
    public async Task Embeddings_AreVectors()
    {
        await using var rig = await Rig.StartAsync();

        var result = await RunAsync(rig, "embeddings");

        Assert.Equal([rig.Primary.Options.EmbeddingDimensions, rig.Primary.Options.EmbeddingDimensions], result.GetProperty("lengths").EnumerateArray().Select(l => l.GetInt32()));
    }

    [Fact]
    public async Task Error_IsTheClientsOwnClassWithAllFourFieldsAndIsNotRetried()
    {
        await using var rig = await Rig.StartAsync();
        rig.Break("status=503");

        var result = await RunAsync(rig, "error");

        Assert.Equal("InternalServerError", result.GetProperty("class").GetString());
        Assert.Equal(503, result.GetProperty("status").GetInt32());
        Assert.Equal("provider_overloaded", result.GetProperty("code").GetString());
        Assert.Equal("overloaded_error", result.GetProperty("type").GetString());
        Assert.Equal(JsonValueKind.Null, result.GetProperty("param").ValueKind);

        // With the client's default of two retries: x-should-retry held it back.
        await rig.Records.NextAsync();
        Assert.Equal(0, rig.Records.Waiting);
    }

    [Fact]
    public async Task ErrorInTheStream_IsThrown()
    {
        await using var rig = await Rig.StartAsync();
        rig.Break("error-in-stream-after=3");

        var result = await RunAsync(rig, "stream-error");

        Assert.NotEqual("", result.GetProperty("text").GetString());
        Assert.Contains("inside its stream", result.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Abort_StopsTheProvider()
    {
        await using var rig = await Rig.StartAsync();
        rig.Primary.Faults.Add("*", "stall-after=3");

        var result = await RunAsync(rig, "abort");

        Assert.True(result.GetProperty("chunks").GetInt32() > 0);
        await rig.Primary.Log.WaitForAsync(r => r.Ending == RequestEnding.ClientAborted, Patience.Token);
        Assert.Equal(ErrorKind.ClientClosed, (await rig.Records.NextAsync()).Error);
    }

    private static async Task<JsonElement> RunAsync(Rig rig, string scenario)
    {
        if (NodeClient.SkipReason("openai") is { } reason)
        {
            Assert.Skip(reason);
        }

        return await NodeClient.RunAsync("openai.mjs", [new Uri(rig.Gateway.Url, "/v1").ToString(), Rig.Model, scenario], Patience.Token);
    }
}
