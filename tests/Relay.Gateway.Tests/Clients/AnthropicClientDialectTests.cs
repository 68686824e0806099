using System.Text;
using System.Text.Json;
using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;
using Relay.Gateway.Config;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Clients;

/// <summary>Anthropic's official .NET client, its own validation switched on, before a provider of every dialect.</summary>
public sealed class AnthropicClientDialectTests
{
    public static TheoryData<Dialect> All => DialectRig.All;

    public static TheoryData<Dialect, string, int> Errors() => DialectRig.Errors();

    [Theory]
    [MemberData(nameof(All))]
    public async Task Message_PlainAndStreamed_TheSameTextStopAndUsage(Dialect dialect)
    {
        await using var rig = await DialectRig.StartAsync(dialect);

        var answer = await Client(rig).Messages.Create(Ask(), Patience.Token);
        var seen = await ReadAsync(rig, Ask());

        Assert.True(answer.Content[0].TryPickText(out var text));
        Assert.Equal((rig.Expected(), rig.Expected()), (text!.Text, seen.Text));
        Assert.Equal(("end_turn", "end_turn", true), (answer.StopReason?.Raw(), seen.Stop, seen.Ended));
        Assert.Equal((rig.Primary.Options.DefaultWords, rig.Primary.Options.DefaultWords), (answer.Usage.OutputTokens, seen.OutputTokens));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Tools_PlainAndStreamed_TheSameCall(Dialect dialect)
    {
        await using var rig = await DialectRig.StartAsync(dialect);
        var ask = Ask() with
        {
            ToolChoice = new ToolChoiceAny(),
            Tools = [new Tool { Name = "weather", InputSchema = new() { Properties = new Dictionary<string, JsonElement> { ["city"] = JsonSerializer.SerializeToElement(new { type = "string" }) } } }],
        };

        var answer = await Client(rig).Messages.Create(ask, Patience.Token);
        var seen = await ReadAsync(rig, ask);

        Assert.True(answer.Content[^1].TryPickToolUse(out var call));
        Assert.Equal(("weather", "tool_use", "tool_use"), (call!.Name, answer.StopReason?.Raw(), seen.Stop));
        Assert.True(JsonElement.DeepEquals(JsonSerializer.SerializeToElement(call.Input), JsonElement.Parse(seen.Arguments)), seen.Arguments);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Image_ReachesTheProvider(Dialect dialect)
    {
        await using var rig = await DialectRig.StartAsync(dialect);
        var content = new List<ContentBlockParam> { new TextBlockParam("hello"), new ImageBlockParam(new Base64ImageSource { Data = "aGVsbG8=", MediaType = MediaType.ImagePng }) };

        var answer = await Client(rig).Messages.Create(Ask() with { Messages = [new UserMessageParam(content)] }, Patience.Token);

        Assert.True(answer.Content[0].TryPickText(out var text));
        Assert.Equal(rig.Expected(), text!.Text);
        Assert.Contains("aGVsbG8=", Encoding.UTF8.GetString(rig.Primary.Log.Entries[0].Body.Span), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task CountTokens_Counts(Dialect dialect)
    {
        await using var rig = await DialectRig.StartAsync(dialect);

        var count = await Client(rig).Messages.CountTokens(new() { Model = Rig.Model, Messages = [new UserMessageParam("hello")] }, Patience.Token);

        Assert.True(count.InputTokens > 0);
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task Error_IsTheClientsOwnClassWithItsStatus(Dialect dialect, string fault, int status)
    {
        await using var rig = await DialectRig.StartAsync(dialect);
        rig.Break(fault);

        var thrown = await Assert.ThrowsAnyAsync<AnthropicApiException>(() => Client(rig).Messages.Create(Ask(), Patience.Token));

        Assert.Equal(status, (int)thrown.StatusCode);
        Assert.Equal(status switch { 429 => nameof(AnthropicRateLimitException), 400 => nameof(AnthropicBadRequestException), _ => thrown.GetType().Name }, thrown.GetType().Name);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task ErrorInTheStream_IsThrown(Dialect dialect)
    {
        await using var rig = await DialectRig.StartAsync(dialect);
        rig.Break("error-in-stream-after=3");

        await Assert.ThrowsAnyAsync<AnthropicException>(() => ReadAsync(rig, Ask()));
    }

    private static AnthropicClient Client(Rig rig) => new()
    {
        BaseUrl = rig.Gateway.Url.ToString().TrimEnd('/'),
        ApiKey = "unused",
        MaxRetries = 0,
        ResponseValidation = true,
    };

    private static MessageCreateParams Ask() => new() { Model = Rig.Model, MaxTokens = 4096, Messages = [new UserMessageParam("hello")] };

    private static async Task<Seen> ReadAsync(Rig rig, MessageCreateParams ask)
    {
        var seen = new Seen();
        await foreach (var update in Client(rig).Messages.CreateStreaming(ask, Patience.Token))
        {
            if (update.TryPickContentBlockDelta(out var delta))
            {
                seen.Text += delta!.Delta.TryPickText(out var words) ? words!.Text : "";
                seen.Arguments += delta.Delta.TryPickInputJson(out var json) ? json!.PartialJson : "";
            }
            else if (update.TryPickDelta(out var end))
            {
                (seen.Stop, seen.OutputTokens) = (end!.Delta.StopReason?.Raw(), end.Usage.OutputTokens);
            }
            else
            {
                seen.Ended |= update.TryPickStop(out _);
            }
        }

        return seen;
    }

    private sealed record Seen
    {
        public string Text { get; set; } = "";

        public string Arguments { get; set; } = "";

        public string? Stop { get; set; }

        public long OutputTokens { get; set; }

        public bool Ended { get; set; }
    }
}
