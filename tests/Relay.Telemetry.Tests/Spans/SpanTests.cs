using System.Text.Json;
using Relay.Telemetry.Tests.Kit;
using Relay.Telemetry.Tests.Otlp;

namespace Relay.Telemetry.Tests.Spans;

/// <summary>What the spans of a request and of its attempts say.</summary>
public sealed class SpanTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PlainRequest_HasAServerSpanAndAClientSpanUnderIt(bool grpc)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var rig = await TelemetryRig.StartAsync(TelemetryRig.To(receiver, grpc));

        var answer = JsonDocument.Parse(await rig.PostAsync(TelemetryRig.Body(extra: ",\"max_tokens\":8,\"temperature\":0.5,\"top_p\":0.9,\"seed\":7")));
        var record = await rig.NextRecordAsync();
        await rig.EndAsync();

        var (server, client) = Pair(receiver.Spans);
        Assert.Equal(("chat chat-default", "chat gpt-sim"), (server.Name, client.Name));
        Assert.Equal((server.TraceIdText(), server.SpanIdText()), (client.TraceIdText(), client.ParentIdText()));
        Assert.Equal("", server.ParentIdText());
        Assert.Equal(record.TraceId, server.TraceIdText());
        Assert.True(server.StartTimeUnixNano <= client.StartTimeUnixNano && client.EndTimeUnixNano <= server.EndTimeUnixNano && client.StartTimeUnixNano < client.EndTimeUnixNano);
        var tags = server.Tags();
        var expected = new Dictionary<string, object?>
        {
            ["gen_ai.operation.name"] = "chat",
            ["gen_ai.provider.name"] = "openai",
            ["gen_ai.request.model"] = "chat-default",
            ["gen_ai.request.max_tokens"] = 8L,
            ["gen_ai.request.temperature"] = 0.5,
            ["gen_ai.request.top_p"] = 0.9,
            ["gen_ai.request.seed"] = 7L,
            ["gen_ai.response.id"] = answer.RootElement.GetProperty("id").GetString(),
            ["gen_ai.response.model"] = "gpt-sim",
            ["gen_ai.response.finish_reasons"] = "length",
            ["gen_ai.usage.input_tokens"] = record.Usage!.Value.TotalInput,
            ["gen_ai.usage.output_tokens"] = 8L,
            ["http.response.status_code"] = 200L,
            ["server.address"] = "127.0.0.1",
            ["server.port"] = (long)rig.Url.Port,
            ["relay.request_id"] = record.RequestId,
            ["relay.endpoint"] = "chat.completions",
            ["relay.model"] = "chat-default",
            ["relay.target"] = "p0/gpt-sim",
            ["relay.attempts"] = 1L,
            ["relay.cost_usd"] = record.Cost!.Value.Nanos / 1e9,
        };
        foreach (var (name, value) in expected)
        {
            Assert.Equal((name, value), (name, tags.GetValueOrDefault(name)));
        }

        var attempt = client.Tags();
        Assert.Equal("gpt-sim", attempt["gen_ai.request.model"]);
        Assert.Equal((long)rig.Simulators[0].BaseUrl.Port, attempt["server.port"]);
        Assert.Equal((1L, 8L, "p0/gpt-sim"), (attempt["relay.attempt"], attempt["gen_ai.usage.output_tokens"], attempt["relay.target"]));
        Assert.DoesNotContain("error.type", tags.Keys.Concat(attempt.Keys));
        Assert.DoesNotContain("gen_ai.request.stream", tags.Keys);
    }

    [Fact]
    public async Task Stream_TellsItsFirstTokenAndHowItEnded()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var rig = await TelemetryRig.StartAsync(TelemetryRig.To(receiver));

        await rig.PostAsync(TelemetryRig.Body(stream: true));
        var record = await rig.NextRecordAsync();
        await rig.EndAsync();

        var (server, client) = Pair(receiver.Spans);
        foreach (var span in new[] { server, client })
        {
            Assert.Equal((true, "stop", "gpt-sim"), (span.Tags()["gen_ai.request.stream"], span.Tags()["gen_ai.response.finish_reasons"], span.Tags()["gen_ai.response.model"]));
            Assert.StartsWith("chatcmpl-", (string?)span.Tags()["gen_ai.response.id"], StringComparison.Ordinal);
            var first = Assert.Single(span.Events);
            Assert.Equal("relay.first_token", first.Name);
            Assert.InRange(first.TimeUnixNano, span.StartTimeUnixNano, span.EndTimeUnixNano);
        }

        Assert.Equal(record.Attempts[0].FirstToken!.Value.TotalSeconds, client.Tags()["gen_ai.response.time_to_first_chunk"]);
    }

    [Fact]
    public async Task Failover_IsToldByAnEventAndASpanForEachAttempt()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var rig = await TelemetryRig.StartAsync(TelemetryRig.To(receiver));
        rig.Simulators[0].Faults.Add("*", "unauthorized");

        await rig.PostAsync(TelemetryRig.Body());
        await rig.EndAsync();

        var server = receiver.Spans.Single(s => s.Kind == OtlpReading.Server);
        var attempts = receiver.Spans.Where(s => s.Kind == OtlpReading.Client).OrderBy(s => s.Tags()["relay.attempt"]).ToArray();
        Assert.Equal(["p0/gpt-sim", "p1/gpt-sim"], attempts.Select(a => a.Tags()["relay.target"]));
        Assert.All(attempts, a => Assert.Equal(server.SpanIdText(), a.ParentIdText()));
        Assert.Equal(("provider_auth", 2, 401L), (attempts[0].Tags()["error.type"], attempts[0].Status.Code, attempts[0].Tags()["http.response.status_code"]));
        Assert.Null(attempts[1].Status);
        var failover = Assert.Single(server.Events);
        Assert.Equal("relay.failover", failover.Name);
        Assert.Equal(
            new Dictionary<string, object?> { ["relay.from"] = "p0/gpt-sim", ["relay.to"] = "p1/gpt-sim", ["error.type"] = "provider_auth" }, failover.Attributes.Tags());
        Assert.Equal((2L, "p1/gpt-sim"), (server.Tags()["relay.attempts"], server.Tags()["relay.target"]));
    }

    [Fact]
    public async Task Rescue_IsToldByAnEvent()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var rig = await TelemetryRig.StartAsync(TelemetryRig.To(receiver));
        rig.Simulators[0].Faults.Add("*", "cut-after=5");

        await rig.PostAsync(TelemetryRig.Body(stream: true));
        await rig.EndAsync();

        var server = receiver.Spans.Single(s => s.Kind == OtlpReading.Server);
        Assert.Equal(["relay.rescue", "relay.first_token"], server.Events.Select(e => e.Name));
        Assert.Equal("p1/gpt-sim", server.Events[0].Attributes.Tags()["relay.to"]);
        Assert.Equal(true, server.Tags()["relay.rescued"]);
        Assert.Equal(true, receiver.Spans.Single(s => s.Kind == OtlpReading.Client && s.Tags().ContainsKey("relay.attempt.rescue")).Tags()["relay.attempt.rescue"]);
    }

    [Fact]
    public async Task FailedRequest_HasItsErrorAndStatus()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var rig = await TelemetryRig.StartAsync(TelemetryRig.To(receiver));
        foreach (var simulator in rig.Simulators)
        {
            simulator.Faults.Add("*", "quota");
        }

        await rig.PostAsync(TelemetryRig.Body());
        await rig.EndAsync();

        var server = receiver.Spans.Single(s => s.Kind == OtlpReading.Server);
        Assert.Equal(("provider_quota", 502L, 2), (server.Tags()["error.type"], server.Tags()["http.response.status_code"], server.Status.Code));
    }

    [Theory]
    [InlineData("""{"model":"unheard","messages":[{"role":"user","content":"x"}]}""", "unknown_model", 404L)]
    [InlineData("{", "invalid_request", 400L)]
    public async Task RejectedRequest_HasASpanOfItsOwnWithoutAModel(string body, string error, long status)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var rig = await TelemetryRig.StartAsync(TelemetryRig.To(receiver));

        await rig.PostAsync(body);
        await rig.EndAsync();

        var span = Assert.Single(receiver.Spans);
        Assert.Equal(("chat", OtlpReading.Server, error, status), (span.Name, span.Kind, span.Tags()["error.type"], span.Tags()["http.response.status_code"]));
        Assert.Null(span.Status);
    }

    [Fact]
    public async Task Embeddings_AreAnOperationOfTheirOwn()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var rig = await TelemetryRig.StartAsync(TelemetryRig.To(receiver));

        await rig.PostAsync("""{"model":"embed","input":"hello"}""", "/v1/embeddings");
        await rig.EndAsync();

        var (server, client) = Pair(receiver.Spans);
        Assert.Equal(("embeddings embed", "embeddings text-embedding-sim", "embeddings"), (server.Name, client.Name, client.Tags()["gen_ai.operation.name"]));
    }

    internal static (Span Server, Span Client) Pair(IReadOnlyList<Span> spans) =>
        (spans.Single(s => s.Kind == OtlpReading.Server), spans.Single(s => s.Kind == OtlpReading.Client));
}
