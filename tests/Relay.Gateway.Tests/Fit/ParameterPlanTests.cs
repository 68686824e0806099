using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Relay.Gateway.Config;
using Relay.Gateway.Fit;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Fit;

public sealed class ParameterPlanTests
{
    [Theory]
    [InlineData("""{"model":"m","max_tokens":5,"temperature":0.2,"top_p":0.5,"x":[1, 2]}""", """{"model":"m","max_completion_tokens":5,"temperature":1,"x":[1, 2]}""")]
    [InlineData("""{"max_tokens":5,"max_completion_tokens":7}""", """{"max_completion_tokens":7}""")]
    [InlineData("""{"model":"m","x":1}""", null)]
    [InlineData("""{"temperature":1}""", """{"temperature":1}""")]
    [InlineData("""{"temperature":null}""", """{"temperature":null}""")]
    public void ReasoningModels_GetWhatTheyTake(string body, string? expected) =>
        Assert.Equal(expected, Apply(ParameterOptions.None, ModelFamily.Find("o3")!.Parameters, body));

    [Fact]
    public void Defaults_AreAddedAndSetValuesWin()
    {
        var options = new ParameterOptions { Default = [new("top_p", "0.9"), new("seed", "1")], Set = [new("store", "false")] };

        Assert.Equal("""{"seed":7,"top_p":0.9,"store":false}""", Apply(options, ParameterOptions.None, """{"seed":7,"store":true}"""));
    }

    [Fact]
    public void Configuration_GoesOverWhatIsKnown()
    {
        var options = new ParameterOptions { Clamp = [new("temperature", 0, 2)], Set = [new("top_p", "0.5")] };

        Assert.Equal("""{"temperature":0.2,"top_p":0.5}""", Apply(options, ModelFamily.Find("o3")!.Parameters, """{"temperature":0.2,"top_p":0.1}"""));
    }

    [Fact]
    public async Task Rules_HoldOnTheWayToTheTarget()
    {
        byte[] seen = [];
        await using var raw = RawUpstream.Start(call =>
        {
            seen = call.Body;
            return call.SendStreamAsync(Sse.Role + Sse.Text("Hi") + Sse.Finish() + Sse.Done);
        });
        await using var rig = await Rig.StartAsync(new()
        {
            Upstreams = [raw.Url],
            Config = c => WithTargets(c, t => t with { Parameters = new() { Rename = [new("max_tokens", "max_completion_tokens")], Set = [new("store", "false")] } }),
        });

        var chat = await rig.ChatAsync(stream: true, extra: ",\"max_tokens\":9");

        Assert.Equal(("Hi", true), (chat.Text, chat.Done));
        using var json = JsonDocument.Parse(seen);
        Assert.Equal((9, false, Rig.Upstream), (json.RootElement.GetProperty("max_completion_tokens").GetInt32(), json.RootElement.GetProperty("store").GetBoolean(), json.RootElement.GetProperty("model").GetString()));
        Assert.False(json.RootElement.TryGetProperty("max_tokens", out _));
        Assert.True(json.RootElement.GetProperty("stream_options").GetProperty("include_usage").GetBoolean());
    }

    internal static RelayConfig WithTargets(RelayConfig config, Func<TargetOptions, TargetOptions> change) => config with
    {
        Models = config.Models.Values.Select(m => m with { Targets = [.. m.Targets.Select(change)] }).ToFrozenDictionary(m => m.Name),
    };

    private static string? Apply(ParameterOptions configured, ParameterOptions known, string body) =>
        ParameterPlan.Of(configured, known)!.Apply(Encoding.UTF8.GetBytes(body)) is { } adapted ? Encoding.UTF8.GetString(adapted) : null;
}
