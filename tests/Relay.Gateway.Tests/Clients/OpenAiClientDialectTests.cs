using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Responses;
using Relay.Gateway.Config;
using Relay.Gateway.Tests.Kit;

// The client calls its Responses API experimental; Relay serves it all the same.
#pragma warning disable OPENAI001

namespace Relay.Gateway.Tests.Clients;

/// <summary>OpenAI's official .NET client before a provider of every dialect.</summary>
public sealed class OpenAiClientDialectTests
{
    private const string Schema = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""";

    private static readonly ChatTool Weather = ChatTool.CreateFunctionTool("get_weather", "Weather of a city", BinaryData.FromString(Schema));

    public static TheoryData<Dialect> All => DialectRig.All;

    public static TheoryData<Dialect, string, int> Errors() => DialectRig.Errors();

    [Theory]
    [MemberData(nameof(All))]
    public async Task Chat_PlainAndStreamed_TheSameTextAndUsage(Dialect dialect)
    {
        await using var rig = await DialectRig.StartAsync(dialect);

        ChatCompletion answer = await Chat(rig).CompleteChatAsync([new SystemChatMessage("be brief"), new UserChatMessage("hello")], cancellationToken: Patience.Token);
        var (text, _, usage) = await ReadAsync(rig, new());

        Assert.Equal((rig.Expected(), rig.Expected()), (answer.Content[0].Text, text));
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        Assert.Equal((rig.Primary.Options.DefaultWords, rig.Primary.Options.DefaultWords), (answer.Usage.OutputTokenCount, usage!.OutputTokenCount));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Tools_WholeStreamedAndAnswered(Dialect dialect)
    {
        await using var rig = await DialectRig.StartAsync(dialect);
        var options = new ChatCompletionOptions { Tools = { Weather }, ToolChoice = ChatToolChoice.CreateRequiredChoice() };

        ChatCompletion asked = await Chat(rig).CompleteChatAsync([new UserChatMessage("hello")], options, Patience.Token);
        var (_, arguments, _) = await ReadAsync(rig, options);
        var call = Assert.Single(asked.ToolCalls);
        ChatCompletion answer = await Chat(rig).CompleteChatAsync(
            [new UserChatMessage("hello"), new AssistantChatMessage(asked), new ToolChatMessage(call.Id, "sunny")], new ChatCompletionOptions { Tools = { Weather } }, Patience.Token);

        Assert.Equal((ChatFinishReason.ToolCalls, "get_weather"), (asked.FinishReason, call.FunctionName));
        Assert.True(JsonSame(call.FunctionArguments.ToString(), arguments), arguments);
        Assert.Equal((ChatFinishReason.Stop, rig.Expected()), (answer.FinishReason, answer.Content[0].Text));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Image_ReachesTheProvider(Dialect dialect)
    {
        await using var rig = await DialectRig.StartAsync(dialect);
        var message = new UserChatMessage(ChatMessageContentPart.CreateTextPart("hello"), ChatMessageContentPart.CreateImagePart(BinaryData.FromString("hello"), "image/png"));

        ChatCompletion answer = await Chat(rig).CompleteChatAsync([message], cancellationToken: Patience.Token);

        Assert.Equal(rig.Expected(), answer.Content[0].Text);
        Assert.Contains("aGVsbG8=", Sent(rig), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task Error_HasItsStatus(Dialect dialect, string fault, int status)
    {
        await using var rig = await DialectRig.StartAsync(dialect);
        rig.Break(fault);

        var chat = await Assert.ThrowsAsync<ClientResultException>(() => Chat(rig).CompleteChatAsync([new UserChatMessage("hello")], cancellationToken: Patience.Token));
        var response = await Assert.ThrowsAsync<ClientResultException>(() => Responses(rig).CreateResponseAsync(Rig.Model, "hello", cancellationToken: Patience.Token));

        Assert.Equal((status, status), (chat.Status, response.Status));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Response_PlainAndStreamed_TheSameText(Dialect dialect)
    {
        await using var rig = await DialectRig.StartAsync(dialect);

        ResponseResult answer = await Responses(rig).CreateResponseAsync(Rig.Model, "hello", cancellationToken: Patience.Token);
        var text = new StringBuilder();
        ResponseResult? last = null;
        await foreach (var update in await Responses(rig).CreateResponseStreamingAsync(Rig.Model, "hello", cancellationToken: Patience.Token))
        {
            text.Append((update as StreamingResponseOutputTextDeltaUpdate)?.Delta);
            last = (update as StreamingResponseCompletedUpdate)?.Response ?? last;
        }

        Assert.Equal((rig.Expected(), rig.Expected(), rig.Expected()), (answer.GetOutputText(), text.ToString(), last!.GetOutputText()));
        Assert.Equal((ResponseStatus.Completed, rig.Primary.Options.DefaultWords), (answer.Status, answer.Usage.OutputTokenCount));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Response_WithToolsAndAnImage(Dialect dialect)
    {
        await using var rig = await DialectRig.StartAsync(dialect);
        var user = ResponseItem.CreateUserMessageItem([ResponseContentPart.CreateInputTextPart("hello"), ResponseContentPart.CreateInputImagePart(new Uri("data:image/png;base64,aGVsbG8="))]);
        var tool = ResponseTool.CreateFunctionTool("get_weather", BinaryData.FromString(Schema), strictModeEnabled: false);

        ResponseResult asked = await Responses(rig).CreateResponseAsync(new(Rig.Model, [user]) { Tools = { tool }, ToolChoice = ResponseToolChoice.CreateRequiredChoice() }, Patience.Token);
        var call = Assert.Single(asked.OutputItems.OfType<FunctionCallResponseItem>());
        ResponseItem[] round = [user, .. asked.OutputItems, ResponseItem.CreateFunctionCallOutputItem(call.CallId, "sunny")];
        ResponseResult answer = await Responses(rig).CreateResponseAsync(new(Rig.Model, round) { Tools = { tool } }, Patience.Token);

        Assert.Equal("get_weather", call.FunctionName);
        Assert.Equal(rig.Expected(), answer.GetOutputText());
        Assert.Contains("aGVsbG8=", Sent(rig), StringComparison.Ordinal);
    }

    private static async Task<(string Text, string Arguments, ChatTokenUsage? Usage)> ReadAsync(Rig rig, ChatCompletionOptions options)
    {
        var (text, arguments) = (new StringBuilder(), new StringBuilder());
        ChatTokenUsage? usage = null;
        await foreach (var update in Chat(rig).CompleteChatStreamingAsync([new UserChatMessage("hello")], options, Patience.Token))
        {
            text.Append(string.Concat(update.ContentUpdate.Select(p => p.Text)));
            arguments.Append(string.Concat(update.ToolCallUpdates.Select(c => c.FunctionArgumentsUpdate?.ToString())));
            usage = update.Usage ?? usage;
        }

        return (text.ToString(), arguments.ToString(), usage);
    }

    private static bool JsonSame(string a, string b) =>
        System.Text.Json.Nodes.JsonNode.DeepEquals(System.Text.Json.Nodes.JsonNode.Parse(a), System.Text.Json.Nodes.JsonNode.Parse(b));

    private static string Sent(Rig rig) => Encoding.UTF8.GetString(rig.Primary.Log.Entries[0].Body.Span);

    private static ChatClient Chat(Rig rig) => Client(rig).GetChatClient(Rig.Model);

    private static ResponsesClient Responses(Rig rig) => Client(rig).GetResponsesClient();

    private static OpenAIClient Client(Rig rig) => new(
        new ApiKeyCredential("unused"),
        new OpenAIClientOptions { Endpoint = new Uri(rig.Gateway.Url, "/v1"), RetryPolicy = new ClientRetryPolicy(maxRetries: 0) });
}
