using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Relay.Telemetry.Tests.Kit;

namespace Relay.Telemetry.Tests.Metrics;

/// <summary>The metrics of the GenAI semantic conventions as a collector gets them: names, units, boundaries, tags and counts.</summary>
public sealed class GenAiMetricTests
{
    private static readonly double[] Durations = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

    /// <summary>As the conventions have them; written down a second time, so that a change is seen.</summary>
    public static TheoryData<string, string, double[]> Conventions => new()
    {
        { "gen_ai.client.operation.duration", "s", Durations },
        { "gen_ai.client.operation.time_to_first_chunk", "s", Durations },
        { "gen_ai.client.operation.time_per_output_chunk", "s", Durations },
        { "gen_ai.client.token.usage", "{token}", [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864] },
        { "gen_ai.server.request.duration", "s", Durations },
        { "gen_ai.server.time_to_first_token", "s", [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0] },
        { "gen_ai.server.time_per_output_token", "s", [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 2.5] },
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stream_FillsEveryMetricWithTheConventionsUnitsAndBoundaries(bool grpc)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var rig = await TelemetryRig.StartAsync(TelemetryRig.To(receiver, grpc));

        await rig.PostAsync(TelemetryRig.Body(stream: true));
        var record = await rig.NextRecordAsync();
        await rig.EndAsync();

        var metrics = receiver.Metrics;
        Assert.Equal(Conventions.Select(row => row.Data.Item1).Order(), metrics.Keys.Order());
        foreach (var row in Conventions)
        {
            var (name, unit, bounds) = row.Data;
            Assert.Equal((name, unit), (name, metrics[name].Unit));
            Assert.All(metrics[name].Histogram.DataPoints, point => Assert.Equal(bounds, point.ExplicitBounds));
        }

        var duration = Assert.Single(metrics["gen_ai.client.operation.duration"].Histogram.DataPoints);
        Assert.Equal(record.Attempts[0].Latency.TotalSeconds, duration.Sum, 9);
        Assert.Equal(
            new Dictionary<string, object?>
            {
                ["gen_ai.operation.name"] = "chat",
                ["gen_ai.provider.name"] = "openai",
                ["gen_ai.request.model"] = "gpt-sim",
                ["server.address"] = "127.0.0.1",
                ["server.port"] = (long)rig.Simulators[0].BaseUrl.Port,
            },
            duration.Attributes.Tags());
        var served = Assert.Single(metrics["gen_ai.server.request.duration"].Histogram.DataPoints);
        Assert.Equal(record.Latency.TotalSeconds, served.Sum, 9);
        Assert.Equal(
            new Dictionary<string, object?> { ["gen_ai.operation.name"] = "chat", ["gen_ai.provider.name"] = "openai", ["gen_ai.request.model"] = "chat-default" },
            served.Attributes.Tags());
        var tokens = metrics["gen_ai.client.token.usage"].Points("gen_ai.token.type");
        Assert.Equal((record.Usage!.Value.TotalInput, record.Usage.Value.TotalOutput), ((long)tokens["input"].Sum, (long)tokens["output"].Sum));
        var perToken = Assert.Single(metrics["gen_ai.server.time_per_output_token"].Histogram.DataPoints);
        Assert.Equal((record.Latency - record.FirstToken!.Value).TotalSeconds / (record.Usage.Value.TotalOutput - 1), perToken.Sum, 9);
    }

    [Fact]
    public async Task Failover_IsTwoAttemptsAndOneRequest()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var rig = await TelemetryRig.StartAsync(TelemetryRig.To(receiver));
        rig.Simulators[0].Faults.Add("*", "unauthorized");

        await rig.PostAsync(TelemetryRig.Body());
        await rig.EndAsync();

        var attempts = receiver.Metrics["gen_ai.client.operation.duration"].Points("error.type", "server.port");
        Assert.Equal([$"provider_auth {rig.Simulators[0].BaseUrl.Port}", $"- {rig.Simulators[1].BaseUrl.Port}"], attempts.Keys.OrderDescending());
        Assert.All(attempts.Values, point => Assert.Equal(1UL, point.Count));
        var request = Assert.Single(receiver.Metrics["gen_ai.server.request.duration"].Histogram.DataPoints);
        Assert.DoesNotContain("error.type", request.Attributes.Tags().Keys);

        // Plain answers have no chunks, and their first token is not known.
        Assert.Equal(["gen_ai.client.operation.duration", "gen_ai.client.token.usage", "gen_ai.server.request.duration"], receiver.Metrics.Keys.Order());
    }

    [Fact]
    public async Task FailedRequest_CountsOnceWithItsError()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var rig = await TelemetryRig.StartAsync(TelemetryRig.To(receiver));
        foreach (var simulator in rig.Simulators)
        {
            simulator.Faults.Add("*", "quota");
        }

        await rig.PostAsync(TelemetryRig.Body());
        await rig.EndAsync();

        var request = Assert.Single(receiver.Metrics["gen_ai.server.request.duration"].Histogram.DataPoints);
        Assert.Equal(("provider_quota", 1UL), (request.Attributes.Tags()["error.type"], request.Count));
    }

    [Fact]
    public async Task NamesThatClientsMakeUp_AddNoSeries()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var rig = await TelemetryRig.StartAsync(TelemetryRig.To(receiver));
        await rig.PostAsync(TelemetryRig.Body(extra: ",\"max_tokens\":1"));

        for (var i = 0; i < 50; i++)
        {
            await rig.PostAsync(TelemetryRig.Body(model: $"made-up-{i}"));
            await rig.PostAsync(TelemetryRig.Body(extra: ",\"max_tokens\":1"), headers: [("x-relay-tags", $"tag=value-{i}"), ("traceparent", $"00-{i + 1:x32}-{1:x16}-01")]);
        }

        await rig.EndAsync();

        Assert.Single(receiver.Metrics["gen_ai.server.request.duration"].Histogram.DataPoints);
        Assert.Single(receiver.Metrics["gen_ai.client.operation.duration"].Histogram.DataPoints);
        Assert.Equal(51UL, receiver.Metrics["gen_ai.server.request.duration"].Histogram.DataPoints[0].Count);
    }

    [Fact]
    public async Task ChunksThatComeOneByOne_EachCountFromTheSecondOn()
    {
        // The provider sends the next chunk when the client has the one before.
        var go = Channel.CreateBounded<bool>(1);
        await using var provider = await TestProvider.StartAsync(async http =>
        {
            http.Response.ContentType = "text/event-stream";
            for (var i = 0; i < 5; i++)
            {
                await http.Response.WriteAsync($$"""data: {"id":"c1","model":"gpt-sim","choices":[{"index":0,"delta":{"content":"w{{i}} "},"finish_reason":null}]}{{"\n\n"}}""");
                await http.Response.Body.FlushAsync();
                await go.Reader.ReadAsync(Patience.Token);
            }

            await http.Response.WriteAsync("""data: {"id":"c1","model":"gpt-sim","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\ndata: [DONE]\n\n");
        });
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var rig = await TelemetryRig.StartAsync(TelemetryRig.To(receiver), change: null, provider.Url);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(TelemetryRig.Body(stream: true)) };

        using (var response = await rig.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Patience.Token))
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Patience.Token));
            while (await reader.ReadLineAsync(Patience.Token) is { } line)
            {
                if (line.Contains("\"w", StringComparison.Ordinal))
                {
                    await go.Writer.WriteAsync(true, Patience.Token);
                }
            }
        }

        await rig.NextRecordAsync();
        await rig.EndAsync();

        Assert.Equal(4UL, Assert.Single(receiver.Metrics["gen_ai.client.operation.time_per_output_chunk"].Histogram.DataPoints).Count);
        Assert.Equal(1UL, Assert.Single(receiver.Metrics["gen_ai.client.operation.time_to_first_chunk"].Histogram.DataPoints).Count);
    }

    [Fact]
    public async Task Delta_CountsFromExportToExport()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var rig = await TelemetryRig.StartAsync(TelemetryRig.To(receiver, true, ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "delta")));
        await rig.PostAsync(TelemetryRig.Body(extra: ",\"max_tokens\":1"));
        await rig.NextRecordAsync();
        rig.Telemetry.Flush();
        await rig.PostAsync(TelemetryRig.Body(extra: ",\"max_tokens\":1"));
        await rig.EndAsync();

        var last = receiver.Metrics["gen_ai.server.request.duration"].Histogram;
        Assert.Equal((1, 1UL), (last.AggregationTemporality, Assert.Single(last.DataPoints).Count));
    }
}
