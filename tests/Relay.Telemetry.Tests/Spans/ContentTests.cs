using System.Text.Json;
using Relay.Gateway.Telemetry.Content;
using Relay.Telemetry.Tests.Kit;

namespace Relay.Telemetry.Tests.Spans;

/// <summary>Content in the conventions' form, where it is switched on.</summary>
public sealed class ContentTests
{
    private const string Tool = ""","tools":[{"type":"function","function":{"name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}]""";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_IsOneMessageForEachChoiceWithItsFinishReason(bool stream)
    {
        var (input, output, _) = await AskAsync($$$"""{"model":"chat-default","n":2,"stream":{{{(stream ? "true" : "false")}}},"messages":[{"role":"user","content":[{"type":"text","text":"hé\"llo"},{"type":"image_url","image_url":{"url":"https://example.com/a.png"}},{"type":"image_url","image_url":{"url":"data:image/png;base64,QUJD"}}]}]}""");

        Assert.Equal(
            """[{"role":"user","parts":[{"type":"text","content":"hé\"llo"},{"type":"uri","modality":"image","uri":"https://example.com/a.png"},{"type":"blob","modality":"image","relay_cut":true,"content":""}]}]""", input.GetRawText());
        Assert.Equal(2, output.GetArrayLength());
        foreach (var message in output.EnumerateArray())
        {
            Assert.Equal(("assistant", "stop"), (message.GetProperty("role").GetString(), message.GetProperty("finish_reason").GetString()));
            Assert.Equal(20, message.GetProperty("parts")[0].GetProperty("content").GetString()!.Split(' ').Length);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ToolCalls_AndTheirResultsAreParts(bool stream)
    {
        var (input, output, _) = await AskAsync($$$"""{"model":"chat-default","stream":{{{(stream ? "true" : "false")}}},"messages":[{"role":"user","content":"weather"},{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"get_weather","arguments":"{\"city\":\"Rome\"}"}}]},{"role":"tool","tool_call_id":"c1","content":"rain"},{"role":"user","content":"use a tool"}]{{{Tool}}}}""");

        Assert.Equal("""{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"get_weather","arguments":"{\"city\":\"Rome\"}"}]}""", input[1].GetRawText());
        Assert.Equal("""{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"rain"}]}""", input[2].GetRawText());
        var call = output[0].GetProperty("parts").EnumerateArray().Single(p => p.GetProperty("type").GetString() == "tool_call");
        Assert.Equal("get_weather", call.GetProperty("name").GetString());
        Assert.True(JsonDocument.Parse(call.GetProperty("arguments").GetString()!).RootElement.TryGetProperty("city", out _));
        Assert.Equal("tool_calls", output[0].GetProperty("finish_reason").GetString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnthropicsForm_IsToldInTheSameWay(bool stream)
    {
        var (input, output, _) = await AskAsync($$$"""{"model":"chat-default","max_tokens":100,"stream":{{{(stream ? "true" : "false")}}},"system":"be kind","messages":[{"role":"user","content":"hello"}]}""", "/v1/messages", Relay.Gateway.Config.Dialect.Anthropic);

        Assert.Equal(["system", "user"], input.EnumerateArray().Select(m => m.GetProperty("role").GetString()));
        Assert.Equal(20, output[0].GetProperty("parts")[0].GetProperty("content").GetString()!.Split(' ').Length);
        Assert.Equal("end_turn", output[0].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task RescuedStream_IsToldAsItWasSent()
    {
        var (_, output, tags) = await AskAsync(TelemetryRig.Body(stream: true), fault: "cut-after=5");

        Assert.Equal(true, tags["relay.rescued"]);
        Assert.Equal(20, output[0].GetProperty("parts")[0].GetProperty("content").GetString()!.Split(' ').Length);
    }

    [Fact]
    public async Task LongContent_IsCutAndSaysSo()
    {
        var (input, _, tags) = await AskAsync(TelemetryRig.Body(new string('ä', 100_000)));

        var part = input[0].GetProperty("parts")[0];
        Assert.Equal(new string('ä', MessageWriter.MaxBytes / 2), part.GetProperty("content").GetString());
        Assert.Equal((true, true), (part.GetProperty("relay_cut").GetBoolean(), tags["relay.content_cut"]));
    }

    [Fact]
    public void CutText_KeepsWholeCharactersAndBoundsMessagesAndParts()
    {
        using var writer = new MessageWriter();
        for (var i = 0; writer.TryBegin("user"); i++)
        {
            writer.Part("text", string.Concat(Enumerable.Repeat("a\U0001F600", 5_000)));
            writer.End();
        }

        using var json = JsonDocument.Parse(writer.Finish());
        var texts = json.RootElement.EnumerateArray().Select(m => m.GetProperty("parts")[0].GetProperty("content").GetString()!).ToArray();
        Assert.True(writer.IsCut);
        Assert.InRange(texts.Sum(System.Text.Encoding.UTF8.GetByteCount), MessageWriter.MaxBytes - 4, MessageWriter.MaxBytes);
        Assert.All(texts, text => Assert.DoesNotContain('\uFFFD', text));
    }

    private static async Task<(JsonElement Input, JsonElement Output, Dictionary<string, object?> Tags)> AskAsync(
        string body, string path = "/v1/chat/completions", Relay.Gateway.Config.Dialect dialect = default, string? fault = null)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var rig = await TelemetryRig.StartAsync(
            TelemetryRig.To(receiver, true, ("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "true")),
            config => config with { Providers = System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary(config.Providers.Values.Select(p => p with { Dialect = dialect }), p => p.Name) });
        if (fault is not null)
        {
            rig.Simulators[0].Faults.Add("*", fault);
        }

        await rig.PostAsync(body, path);
        await rig.NextRecordAsync();
        await rig.EndAsync();
        var tags = receiver.Spans.Single(s => s.Kind == OtlpReading.Server).Tags();
        return (Parse(tags, "gen_ai.input.messages"), Parse(tags, "gen_ai.output.messages"), tags);
    }

    private static JsonElement Parse(Dictionary<string, object?> tags, string name) => JsonDocument.Parse((string)tags[name]!).RootElement;
}
