using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using System.Text.Json;
using OpenAI;
using OpenAI.Chat;
using Relay.Core.Errors;
using Relay.Gateway.Tests.Kit;
using Relay.Simulator;

namespace Relay.Gateway.Tests.Clients;

/// <summary>OpenAI's official .NET client against a real gateway: only the base URL changes.</summary>
public sealed class DotNetClientTests
{
    private static readonly ChatTool Weather = ChatTool.CreateFunctionTool(
        "get_weather", "Weather of a city", BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"""));

    [Fact]
    public async Task Completion_GivesTextUsageAndFinishReason()
    {
        await using var rig = await Rig.StartAsync();

        ChatCompletion answer = await Chat(rig).CompleteChatAsync([new UserChatMessage("hello")], cancellationToken: Patience.Token);

        Assert.Equal(rig.Expected(), answer.Content[0].Text);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        Assert.Equal(rig.Primary.Options.DefaultWords, answer.Usage.OutputTokenCount);
    }

    [Fact]
    public async Task Stream_GivesTheSameTextAndUsage()
    {
        await using var rig = await Rig.StartAsync();
        var text = new StringBuilder();
        ChatTokenUsage? usage = null;

        // This client always asks for usage.
        await foreach (var update in Chat(rig).CompleteChatStreamingAsync([new UserChatMessage("hello")], cancellationToken: Patience.Token))
        {
            text.Append(string.Concat(update.ContentUpdate.Select(p => p.Text)));
            usage = update.Usage ?? usage;
        }

        Assert.Equal(rig.Expected(), text.ToString());
        Assert.Equal(rig.Primary.Options.DefaultWords, usage!.OutputTokenCount);
    }

    [Fact]
    public async Task ToolCalls_ComeWholeAndStreamed()
    {
        await using var rig = await Rig.StartAsync();
        var options = new ChatCompletionOptions { Tools = { Weather }, ToolChoice = ChatToolChoice.CreateRequiredChoice() };

        ChatCompletion answer = await Chat(rig).CompleteChatAsync([new UserChatMessage("hello")], options, Patience.Token);
        var arguments = new StringBuilder();
        var name = "";
        await foreach (var update in Chat(rig).CompleteChatStreamingAsync([new UserChatMessage("hello")], options, Patience.Token))
        {
            foreach (var call in update.ToolCallUpdates)
            {
                name += call.FunctionName;
                arguments.Append(call.FunctionArgumentsUpdate?.ToString());
            }
        }

        var whole = Assert.Single(answer.ToolCalls);
        Assert.Equal(("get_weather", "get_weather"), (whole.FunctionName, name));
        Assert.Equal(whole.FunctionArguments.ToString(), arguments.ToString());
        using var json = JsonDocument.Parse(arguments.ToString());
        Assert.True(json.RootElement.TryGetProperty("city", out _));
    }

    [Fact]
    public async Task Embeddings_AreVectors()
    {
        await using var rig = await Rig.StartAsync();

        var answer = await Client(rig).GetEmbeddingClient(Rig.Model).GenerateEmbeddingsAsync(["one", "two"], cancellationToken: Patience.Token);

        Assert.Equal(2, answer.Value.Count);
        Assert.Equal(rig.Primary.Options.EmbeddingDimensions, answer.Value[1].ToFloats().Length);
    }

    [Fact]
    public async Task ProviderFault_IsAnExceptionWithStatusAndMessage()
    {
        await using var rig = await Rig.StartAsync();
        rig.Break("unauthorized");

        var thrown = await Assert.ThrowsAsync<ClientResultException>(() => Chat(rig).CompleteChatAsync([new UserChatMessage("hello")], cancellationToken: Patience.Token));

        Assert.Equal(502, thrown.Status);
        Assert.Contains("the provider's apiKey", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownModel_IsAnExceptionWithStatusAndMessage()
    {
        await using var rig = await Rig.StartAsync();

        var thrown = await Assert.ThrowsAsync<ClientResultException>(() => Client(rig).GetChatClient("nope").CompleteChatAsync("hello"));

        Assert.Equal(404, thrown.Status);
        Assert.Contains("'nope' is not configured", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CancelledStream_StopsTheProvider()
    {
        await using var rig = await Rig.StartAsync();
        rig.Primary.Faults.Add("*", "stall-after=3");
        using var cancel = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in Chat(rig).CompleteChatStreamingAsync([new UserChatMessage("hello")], cancellationToken: cancel.Token))
            {
                if (update.ContentUpdate.Count > 0)
                {
                    await cancel.CancelAsync();
                }
            }
        });

        await rig.Primary.Log.WaitForAsync(r => r.Ending == RequestEnding.ClientAborted, Patience.Token);
        Assert.Equal(ErrorKind.ClientClosed, (await rig.Records.NextAsync()).Error);
    }

    [Fact]
    public async Task Models_AreListed()
    {
        await using var rig = await Rig.StartAsync();
        var client = Client(rig).GetOpenAIModelClient();

        var all = await client.GetModelsAsync(Patience.Token);
        var one = await client.GetModelAsync(Rig.Model, Patience.Token);

        Assert.Equal([Rig.Model], all.Value.Select(m => m.Id));
        Assert.Equal(Rig.Model, one.Value.Id);
    }

    private static ChatClient Chat(Rig rig) => Client(rig).GetChatClient(Rig.Model);

    private static OpenAIClient Client(Rig rig) => new(
        new ApiKeyCredential("unused"),
        new OpenAIClientOptions { Endpoint = new Uri(rig.Gateway.Url, "/v1"), RetryPolicy = new ClientRetryPolicy(maxRetries: 0) });
}
