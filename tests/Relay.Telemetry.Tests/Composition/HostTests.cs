using System.Diagnostics;
using System.Text;
using Relay.AppHost;
using Relay.Telemetry.Tests.Kit;

namespace Relay.Telemetry.Tests.Composition;

/// <summary>The program as people start it, with nothing set but OpenTelemetry's variables.</summary>
public sealed class HostTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Process_ExportsAllThreeSignalsAndTellsWhatItDoesNotUnderstand(bool grpc)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var config = Path.Combine(Directory.CreateTempSubdirectory("relay-test-").FullName, "relay.json");
        await File.WriteAllTextAsync(config, """{ "listen": { "gateway": "127.0.0.1:0", "api": "127.0.0.1:0", "grpc": "127.0.0.1:0", "apiGrpc": "127.0.0.1:0" }, "providers": { "p": { "baseUrl": "http://127.0.0.1:9/v1" } }, "models": { "m": { "targets": ["p/x"] } } }""");
        var info = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "AppHost.dll"), "--config", config]) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var (name, value) in TelemetryRig.To(receiver, grpc, ("OTEL_SERVICE_NAME", "from-environment"), ("OTEL_METRIC_EXPORT_INTERVAL", "soon")))
        {
            info.Environment[name] = value;
        }

        using var process = Process.Start(info)!;
        var seen = new StringBuilder();
        Uri? url = null;
        while (await process.StandardOutput.ReadLineAsync(Patience.Token) is { } line && !line.Contains("Ctrl+C stops it", StringComparison.Ordinal))
        {
            seen.AppendLine(line);
            url = line.Contains("OpenAI base URL", StringComparison.Ordinal) ? new Uri(line.Trim().Split(' ')[^1]) : url;
        }

        using var http = new HttpClient();
        using var answer = await http.PostAsync(new Uri(url!, "/v1/chat/completions"), new StringContent(TelemetryRig.Body(model: "m")), Patience.Token);
        var rest = process.StandardOutput.ReadToEndAsync(Patience.Token);
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString()]);
        await process.WaitForExitAsync(Patience.Token);
        seen.Append(await rest);

        Assert.Equal(0, process.ExitCode);
        Assert.Contains(receiver.Spans, s => s.Name == "chat m" && s.Tags()["error.type"] is "connect_failed");
        Assert.Contains("gen_ai.server.request.duration", receiver.Metrics.Keys);
        Assert.Contains(receiver.Logs, l => l.Body.StringValue.StartsWith("Gateway listens on ", StringComparison.Ordinal));
        Assert.All(receiver.Resources, r => Assert.Equal("from-environment", r.Attributes.Tags()["service.name"]));
        Assert.Contains("OTEL_METRIC_EXPORT_INTERVAL is 'soon'; it may be a whole number", seen.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_TellWhatBecameOfTheTelemetry()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var host = new EmbeddedHost(config: null, anyPort: true, TelemetryRig.To(receiver, true, ("OTEL_BSP_SCHEDULE_DELAY", "1"), ("OTEL_METRIC_EXPORT_INTERVAL", "100")));
        await host.StartAsync(Patience.Token);
        using var http = new HttpClient();

        var text = await http.GetStringAsync(new Uri(host.Api!.Url, "/metrics"), Patience.Token);

        Assert.Contains("relay_telemetry_dropped_total{signal=\"traces\"} 0\n", text, StringComparison.Ordinal);
        Assert.Contains("relay_telemetry_exports_total{signal=\"metrics\",result=\"failed\"} 0\n", text, StringComparison.Ordinal);
    }
}
