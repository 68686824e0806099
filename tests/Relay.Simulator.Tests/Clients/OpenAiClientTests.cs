using System.ClientModel;
using System.Text.Json;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;

namespace Relay.Simulator.Tests.Clients;

/// <summary>The official OpenAI client understands every healthy answer.</summary>
public class OpenAiClientTests
{
    [Fact]
    public async Task Chat_Plain_TextAndUsage()
    {
        await using var sim = await Sim.StartAsync();
        ChatCompletion answer = await Client(sim).GetChatClient("gpt-sim").CompleteChatAsync([new UserChatMessage("hello there")], cancellationToken: sim.Limit);
        Assert.Equal(Answers.Text(1, "hello there", 12), answer.Content[0].Text);
        Assert.Equal((2, 12), (answer.Usage.InputTokenCount, answer.Usage.OutputTokenCount));
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
    }

    [Fact]
    public async Task Chat_Stream_TextAndUsage()
    {
        await using var sim = await Sim.StartAsync();
        var text = "";
        ChatTokenUsage? usage = null;
        await foreach (var update in Client(sim).GetChatClient("gpt-sim").CompleteChatStreamingAsync([new UserChatMessage("hello there")], cancellationToken: sim.Limit))
        {
            text += string.Concat(update.ContentUpdate.Select(p => p.Text));
            usage = update.Usage ?? usage;
        }

        Assert.Equal(Answers.Text(1, "hello there", 12), text);
        Assert.Equal(12, usage!.OutputTokenCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Chat_Tools_CallWithJsonArguments(bool stream)
    {
        await using var sim = await Sim.StartAsync();
        var options = new ChatCompletionOptions
        {
            Tools = { ChatTool.CreateFunctionTool("weather", null, BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}}}""")) },
            ToolChoice = ChatToolChoice.CreateRequiredChoice(),
        };
        var client = Client(sim).GetChatClient("gpt-sim");
        var (name, arguments) = ("", "");
        if (stream)
        {
            await foreach (var update in client.CompleteChatStreamingAsync([new UserChatMessage("hi")], options, sim.Limit))
            {
                name += string.Concat(update.ToolCallUpdates.Select(u => u.FunctionName));
                arguments += string.Concat(update.ToolCallUpdates.Select(u => u.FunctionArgumentsUpdate?.ToString()));
            }
        }
        else
        {
            ChatCompletion answer = await client.CompleteChatAsync([new UserChatMessage("hi")], options, sim.Limit);
            Assert.Equal(ChatFinishReason.ToolCalls, answer.FinishReason);
            (name, arguments) = (answer.ToolCalls[0].FunctionName, answer.ToolCalls[0].FunctionArguments.ToString());
        }

        Assert.Equal("weather", name);
        using var json = JsonDocument.Parse(arguments);
        Assert.Equal(JsonValueKind.String, json.RootElement.GetProperty("city").ValueKind);
    }

    [Fact]
    public async Task Embeddings_SeveralInputs_AreTheComputedVectors()
    {
        await using var sim = await Sim.StartAsync();
        OpenAIEmbeddingCollection vectors = await Client(sim).GetEmbeddingClient("text-embedding-sim").GenerateEmbeddingsAsync(["one", "two"], new EmbeddingGenerationOptions { Dimensions = 8 }, sim.Limit);
        Assert.Equal(Embedding.Vector(1, "one", 8), vectors[0].ToFloats().ToArray());
        Assert.Equal(Embedding.Vector(1, "two", 8), vectors[1].ToFloats().ToArray());
    }

    [Theory]
    [InlineData("\"text\"", 1)]
    [InlineData("[\"a\",\"b\",\"c\"]", 3)]
    [InlineData("[1,2,3]", 1)]
    [InlineData("[[1,2],[3]]", 2)]
    public async Task Embeddings_FloatAndBase64_Agree(string input, int count)
    {
        await using var sim = await Sim.StartAsync();
        var floats = await sim.JsonAsync($$"""{"model":"e","input":{{input}},"dimensions":6}""", "/v1/embeddings");
        var base64 = await sim.JsonAsync($$"""{"model":"e","input":{{input}},"dimensions":6,"encoding_format":"base64"}""", "/v1/embeddings");
        Assert.Equal(count, floats.GetProperty("data").GetArrayLength());
        for (var i = 0; i < count; i++)
        {
            var bytes = base64.GetProperty("data")[i].GetProperty("embedding").GetBytesFromBase64();
            Assert.Equal(floats.GetProperty("data")[i].GetProperty("embedding").EnumerateArray().Select(v => v.GetSingle()), Enumerable.Range(0, 6).Select(j => BitConverter.ToSingle(bytes, j * 4)));
        }
    }

    [Theory]
    [InlineData("""{"model":"e"}""")]
    [InlineData("""{"model":"e","input":[]}""")]
    [InlineData("""{"model":"e","input":"x","encoding_format":"odd"}""")]
    [InlineData("""{"model":"e","input":"x","dimensions":0}""")]
    public async Task Embeddings_WrongRequest_Is400(string json)
    {
        await using var sim = await Sim.StartAsync();
        using var response = await sim.PostAsync(json, "/v1/embeddings");
        Assert.Equal(400, (int)response.StatusCode);
    }

    [Fact]
    public async Task Embeddings_Fault_IsApplied()
    {
        await using var sim = await Sim.StartAsync("status=503");
        using var response = await sim.PostAsync("""{"model":"e","input":"x"}""", "/v1/embeddings");
        Assert.Equal(503, (int)response.StatusCode);
    }

    private static OpenAIClient Client(Sim sim) => new(new ApiKeyCredential("sk-test"), new OpenAIClientOptions { Endpoint = new Uri(sim.Server.BaseUrl, "v1") });
}
