using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Relay.ServiceDefaults.Metrics;
using Relay.Telemetry.Tests.Kit;

namespace Relay.Telemetry.Tests.Composition;

/// <summary>A collector that is away, refuses or does not answer costs no request, and what is lost is counted.</summary>
public sealed class CollectorAwayTests
{
    [Theory]
    [InlineData("grpc")]
    [InlineData("http/protobuf")]
    public async Task NobodyListens_RequestsAreServedAndLossesAreCounted(string protocol)
    {
        using var dead = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        dead.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var rig = await TelemetryRig.StartAsync(new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://{dead.LocalEndPoint}",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol,
        });

        for (var i = 0; i < 5; i++)
        {
            Assert.Contains("\"choices\"", await rig.PostAsync(TelemetryRig.Body()), StringComparison.Ordinal);
            Assert.Equal(200, (await rig.NextRecordAsync()).HttpStatus);
        }

        await rig.EndAsync();

        Assert.Equal((10, 0), (Count(rig, "relay_telemetry_dropped_total", "traces"), Count(rig, "relay_telemetry_exported_total", "traces")));
        Assert.True(Count(rig, "relay_telemetry_dropped_total", "logs") > 0);
    }

    [Fact]
    public async Task FullQueue_DropsAndCountsTheRest()
    {
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var receiver = await OtlpReceiver.StartAsync(app => app.Use(async (http, next) =>
        {
            await goOn.Task;
            await next(http);
        }));
        await using var rig = await TelemetryRig.StartAsync(TelemetryRig.To(
            receiver, true, ("OTEL_BSP_MAX_QUEUE_SIZE", "4"), ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "4"), ("OTEL_BSP_SCHEDULE_DELAY", "86400000"), ("OTEL_LOGS_EXPORTER", "none"), ("OTEL_METRICS_EXPORTER", "none")));

        // Two spans each. The exporter takes the first four and is held; four more find room, no others.
        for (var i = 0; i < 20; i++)
        {
            Assert.Contains("\"choices\"", await rig.PostAsync(TelemetryRig.Body(extra: ",\"max_tokens\":1")), StringComparison.Ordinal);
        }

        var dropped = Count(rig, "relay_telemetry_dropped_total", "traces");
        goOn.SetResult();
        await rig.EndAsync();

        Assert.InRange(dropped, 32, 36);
        Assert.Equal(40 - dropped, receiver.Spans.Count);
        Assert.Equal(receiver.Spans.Count, Count(rig, "relay_telemetry_exported_total", "traces"));
    }

    [Fact]
    public async Task CollectorThatNeverAnswers_HoldsUpNoRequestAndNoEnd()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var rig = await TelemetryRig.StartAsync(new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://{silent.LocalEndpoint}",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "1",
            ["OTEL_BSP_MAX_QUEUE_SIZE"] = "2",
            ["OTEL_EXPORTER_OTLP_TIMEOUT"] = "300",
        });

        for (var i = 0; i < 10; i++)
        {
            Assert.Contains("\"choices\"", await rig.PostAsync(TelemetryRig.Body(extra: ",\"max_tokens\":1")), StringComparison.Ordinal);
        }

        await rig.EndAsync().WaitAsync(Patience.Limit, TimeProvider.System);

        Assert.Equal(20, Count(rig, "relay_telemetry_dropped_total", "traces"));
    }

    internal static long Count(TelemetryRig rig, string family, string signal)
    {
        var text = new MetricsText();
        rig.Telemetry.Counts.Write(text);
        var line = Regex.Match(Encoding.UTF8.GetString(text.Written.Span), $"^{family}{{signal=\"{signal}\"}} (?<count>\\d+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        return long.Parse(line.Groups["count"].Value, CultureInfo.InvariantCulture);
    }
}
