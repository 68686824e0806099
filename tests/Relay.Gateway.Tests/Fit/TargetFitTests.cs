using Relay.Gateway.Config;
using Relay.Gateway.Fit;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Fit;

/// <summary>Targets that cannot answer a request are left out, as far as is known.</summary>
public sealed class TargetFitTests
{
    private const string Image = """[{"type":"text","text":"hello"},{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]""";

    [Fact]
    public async Task TargetThatSeesNoImages_IsLeftOutOfARequestWithOne()
    {
        await using var rig = await StartAsync(new() { Images = false });

        var text = await rig.ChatAsync();
        using var response = await rig.PostAsync(Rig.Body().Replace("\"hello\"", Image, StringComparison.Ordinal));
        var image = await Chat.ReadAsync(response, stream: false);

        Assert.Equal(("p0/gpt-sim", "p1/gpt-sim", 1), (text.Target, image.Target, image.Attempts));
    }

    [Theory]
    [InlineData(",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{}}}]")]
    [InlineData(",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a\",\"schema\":{\"type\":\"object\"}}}")]
    [InlineData(",\"max_tokens\":5000")]
    public async Task TargetThatCannotDoIt_IsLeftOut(string extra)
    {
        await using var rig = await StartAsync(new() { Tools = false, JsonSchema = false, MaxOutput = 4096 });

        Assert.Equal("p1/gpt-sim", (await rig.ChatAsync(extra: extra)).Target);
    }

    [Fact]
    public async Task PromptThatIsSurelyTooLong_GoesToALargerWindow()
    {
        await using var rig = await StartAsync(new() { ContextWindow = 1000 });

        Assert.Equal("p0/gpt-sim", (await rig.ChatAsync(new string('a', 5_500))).Target);
        Assert.Equal("p1/gpt-sim", (await rig.ChatAsync(new string('a', 6_500))).Target);
    }

    [Fact]
    public async Task NoTargetThatFits_IsNoReasonToRefuse()
    {
        await using var rig = await Rig.StartAsync(new() { Config = c => WithTargets(c, t => t with { Capabilities = new() { ContextWindow = 256 } }) });

        Assert.Equal("p0/gpt-sim", (await rig.ChatAsync(new string('a', 6_500))).Target);
    }

    [Theory]
    [InlineData("gpt-4.1-mini", "gpt-4.1")]
    [InlineData("gpt-4o-2024-08-06", "gpt-4o")]
    [InlineData("gpt-5-chat-latest", "gpt-5-chat")]
    [InlineData("o3-mini", "o3-mini")]
    [InlineData("openai/o3", "o3")]
    [InlineData("claude-sonnet-4-20250514", "claude-sonnet-4")]
    [InlineData("claude-opus-4-6", "claude-opus-4-6")]
    [InlineData("claude-next-9", "claude")]
    [InlineData("gemini-2.5-flash", "gemini-2.5")]
    [InlineData("o30", null)]
    [InlineData("my-own", null)]
    public void Family_IsFoundByTheLongestPrefix(string model, string? prefix) => Assert.Equal(prefix, ModelFamily.Find(model)?.Prefix);

    private static Task<Rig> StartAsync(CapabilityOptions first) =>
        Rig.StartAsync(new() { Config = c => WithTargets(c, t => t.Provider == "p0" ? t with { Capabilities = first } : t) });

    private static RelayConfig WithTargets(RelayConfig config, Func<TargetOptions, TargetOptions> change) => ParameterPlanTests.WithTargets(config, change);
}
