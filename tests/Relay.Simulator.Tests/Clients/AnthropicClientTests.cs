using System.Text.Json;
using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;

namespace Relay.Simulator.Tests.Clients;

/// <summary>The official Anthropic client understands every healthy answer, its own validation switched on, and every error.</summary>
public class AnthropicClientTests
{
    [Fact]
    public async Task Message_Plain_TextStopAndUsage()
    {
        await using var sim = await Sim.StartAsync();
        var answer = await Client(sim).Messages.Create(Ask("hello there"), sim.Limit);
        Assert.True(answer.Content[0].TryPickText(out var text));
        Assert.Equal(Answers.Text(1, "hello there", 12), text!.Text);
        Assert.Equal("end_turn", answer.StopReason?.Raw());
        Assert.Equal((2, 12), (answer.Usage.InputTokens, answer.Usage.OutputTokens));
    }

    [Fact]
    public async Task Message_Stream_TextStopAndUsage()
    {
        await using var sim = await Sim.StartAsync();
        var seen = await ReadAsync(sim, Ask("hello there"));
        Assert.Equal(Answers.Text(1, "hello there", 12), seen.Text);
        Assert.Equal(("end_turn", 12), (seen.Stop, seen.OutputTokens));
        Assert.True(seen.Ended);
    }

    [Fact]
    public async Task Tools_PlainAndStream_SameCall()
    {
        await using var sim = await Sim.StartAsync();
        var ask = Ask("use the tool") with
        {
            Tools = [new Tool { Name = "weather", InputSchema = new() { Properties = new Dictionary<string, JsonElement> { ["city"] = JsonSerializer.SerializeToElement(new { type = "string" }) } } }],
        };
        var answer = await Client(sim).Messages.Create(ask, sim.Limit);
        Assert.True(answer.Content[0].TryPickToolUse(out var call));
        Assert.Equal(("weather", "tool_use"), (call!.Name, answer.StopReason?.Raw()));
        var streamed = await ReadAsync(sim, ask);
        Assert.Equal(JsonSerializer.Serialize(call.Input), streamed.Arguments);
    }

    [Fact]
    public async Task Thinking_Shown_IsABlockWithASignature()
    {
        await using var sim = await Sim.StartAsync();
        var ask = Ask("hello there") with { Thinking = new ThinkingConfigEnabled { BudgetTokens = 1024 } };
        var answer = await Client(sim).Messages.Create(ask, sim.Limit);
        Assert.True(answer.Content[0].TryPickThinking(out var thinking));
        Assert.Equal(Answers.Thinking(sim.Server.Options, "hello there"), thinking!.Thinking);
        Assert.NotEmpty(thinking.Signature);
        Assert.Equal(thinking.Thinking, (await ReadAsync(sim, ask)).Thinking);
    }

    [Fact]
    public async Task Image_IsAccepted()
    {
        await using var sim = await Sim.StartAsync();
        var ask = Ask("x") with
        {
            Messages =
            [
                new UserMessageParam(new List<ContentBlockParam>
                {
                    new TextBlockParam("hello there"),
                    new ImageBlockParam(new Base64ImageSource { Data = "aGVsbG8=", MediaType = MediaType.ImagePng }),
                }),
            ],
        };
        var answer = await Client(sim).Messages.Create(ask, sim.Limit);
        Assert.True(answer.Content[0].TryPickText(out var text));
        Assert.Equal(Answers.Text(1, "hello there", 12), text!.Text);
    }

    [Fact]
    public async Task CountTokens_Counts()
    {
        await using var sim = await Sim.StartAsync();
        var count = await Client(sim).Messages.CountTokens(new() { Model = "claude-sim", Messages = [new UserMessageParam("hello there")] }, sim.Limit);
        Assert.Equal(2, count.InputTokens);
    }

    [Theory]
    [InlineData("status=429", typeof(AnthropicRateLimitException))]
    [InlineData("overloaded", typeof(AnthropicOverloadedException))]
    [InlineData("unauthorized", typeof(AnthropicUnauthorizedException))]
    [InlineData("status=400,code=context_length_exceeded", typeof(AnthropicBadRequestException))]
    public async Task Error_IsTheClientsOwnClass(string fault, System.Type expected)
    {
        await using var sim = await Sim.StartAsync(fault);
        var thrown = await Assert.ThrowsAnyAsync<AnthropicApiException>(() => Client(sim).Messages.Create(Ask("hello there"), sim.Limit));
        Assert.Equal(expected, thrown.GetType());
    }

    [Fact]
    public async Task ErrorInStream_IsThrown()
    {
        await using var sim = await Sim.StartAsync("error-in-stream-after=3");
        var thrown = await Assert.ThrowsAnyAsync<AnthropicException>(() => ReadAsync(sim, Ask("hello there")));
        Assert.Contains("overloaded_error", thrown.ToString(), StringComparison.Ordinal);
    }

    private static AnthropicClient Client(Sim sim) => new()
    {
        BaseUrl = sim.Server.BaseUrl.ToString().TrimEnd('/'),
        ApiKey = "sk-ant-test",
        MaxRetries = 0,
        ResponseValidation = true,
    };

    private static MessageCreateParams Ask(string message) => new()
    {
        Model = "claude-sim",
        MaxTokens = 4096,
        Messages = [new UserMessageParam(message)],
    };

    private static async Task<(string Text, string Thinking, string Arguments, string? Stop, long OutputTokens, bool Ended)> ReadAsync(Sim sim, MessageCreateParams ask)
    {
        var (text, thinking, arguments, stop, tokens, ended) = ("", "", "", default(string), 0L, false);
        await foreach (var update in Client(sim).Messages.CreateStreaming(ask, sim.Limit))
        {
            if (update.TryPickContentBlockDelta(out var delta))
            {
                text += delta!.Delta.TryPickText(out var words) ? words!.Text : "";
                thinking += delta.Delta.TryPickThinking(out var thoughts) ? thoughts!.Thinking : "";
                arguments += delta.Delta.TryPickInputJson(out var json) ? json!.PartialJson : "";
            }
            else if (update.TryPickDelta(out var end))
            {
                (stop, tokens) = (end!.Delta.StopReason?.Raw(), end.Usage.OutputTokens);
            }
            else
            {
                ended |= update.TryPickStop(out _);
            }
        }

        return (text, thinking, arguments, stop, tokens, ended);
    }
}
