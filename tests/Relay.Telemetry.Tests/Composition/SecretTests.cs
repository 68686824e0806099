using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Relay.Gateway.Config;
using Relay.Telemetry.Tests.Kit;

namespace Relay.Telemetry.Tests.Composition;

/// <summary>Planted secrets and prompts: nothing of them is exported unless content is switched on, and credentials never are.</summary>
public sealed class SecretTests
{
    private const string Prompt = "planted-prompt-8151";
    private const string System = "planted-system-8152";
    private const string CollectorKey = "planted-collector-key-8153";

    [Theory]
    [InlineData(null)]
    [InlineData("false")]
    [InlineData("NO_CONTENT")]
    [InlineData("yes please")]
    public async Task ContentIsOff_NoPromptAnswerOrCredentialIsExported(string? capture)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var rig = await StartAsync(receiver, capture);
        var answer = await AskAllAsync(rig);
        await rig.EndAsync();

        Assert.NotEmpty(receiver.Spans);
        Assert.NotEmpty(receiver.Logs);
        foreach (var planted in new[] { Prompt, System, TelemetryRig.Secret, TelemetryRig.KeySecret, CollectorKey, answer })
        {
            Assert.DoesNotContain(planted, receiver.Everything, StringComparison.Ordinal);
        }

        Assert.All(receiver.Keys, key => Assert.Equal(CollectorKey, key));
    }

    [Theory]
    [InlineData("true")]
    [InlineData("SPAN_ONLY")]
    public async Task ContentIsOn_ItIsInTheServerSpansAloneAndNoCredentialIs(string capture)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var rig = await StartAsync(receiver, capture);
        var answer = await AskAllAsync(rig);
        await rig.EndAsync();

        var served = receiver.Spans.Where(s => s.Kind == OtlpReading.Server && s.Tags().ContainsKey("gen_ai.output.messages")).ToArray();
        Assert.Equal(4, served.Length);
        Assert.All(served, span => Assert.Contains(Prompt, (string)span.Tags()["gen_ai.input.messages"]!, StringComparison.Ordinal));
        Assert.Contains(served, span => ((string)span.Tags()["gen_ai.output.messages"]!).Contains(JsonSerializer.Serialize(answer), StringComparison.Ordinal));
        Assert.All(receiver.Spans.Where(s => s.Kind == OtlpReading.Client), span => Assert.DoesNotContain("gen_ai.input.messages", span.Tags().Keys));
        Assert.DoesNotContain(receiver.Logs, log => log.ToString().Contains(Prompt, StringComparison.Ordinal));
        foreach (var secret in new[] { TelemetryRig.Secret, TelemetryRig.KeySecret, CollectorKey })
        {
            Assert.DoesNotContain(secret, receiver.Everything, StringComparison.Ordinal);
        }
    }

    private static Task<TelemetryRig> StartAsync(OtlpReceiver receiver, string? capture) => TelemetryRig.StartAsync(
        TelemetryRig.To(receiver, true, ("OTEL_EXPORTER_OTLP_HEADERS", "x-collector-key=" + CollectorKey), ("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", capture ?? "")),
        config => config with { Keys = [new KeyOptions { Name = "app", Sha256 = [.. SHA256.HashData(Encoding.UTF8.GetBytes(TelemetryRig.KeySecret))] }] });

    /// <summary>Plain, stream, Anthropic's form and a failure whose text the provider echoes; and two that are turned away.</summary>
    private static async Task<string> AskAllAsync(TelemetryRig rig)
    {
        (string, string) key = ("authorization", "Bearer " + TelemetryRig.KeySecret);
        var messages = $$"""[{"role":"system","content":"{{System}}"},{"role":"user","content":"{{Prompt}}"}]""";
        using var plain = JsonDocument.Parse(await rig.PostAsync($$"""{"model":"chat-default","messages":{{messages}}}""", headers: key));
        await rig.PostAsync($$"""{"model":"chat-default","stream":true,"messages":{{messages}}}""", headers: key);
        await rig.PostAsync($$"""{"model":"chat-default","max_tokens":50,"system":"{{System}}","messages":[{"role":"user","content":"{{Prompt}}"}]}""", "/v1/messages", key);
        rig.Simulators[0].Faults.Add("*", "status=400,code=content_policy_violation,times=1");
        await rig.PostAsync($$"""{"model":"chat-default","messages":{{messages}}}""", headers: key);
        await rig.PostAsync($$"""{"model":"{{Prompt}}","messages":{{messages}}""", headers: key);
        await rig.PostAsync($$"""{"model":"chat-default","messages":{{messages}}}""", headers: ("authorization", "Bearer wrong-" + Prompt));
        return plain.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
    }
}
