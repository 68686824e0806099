using Relay.Grpc.Client;
using Relay.Telemetry.Tests.Kit;
using Relay.V1;

namespace Relay.Telemetry.Tests.Spans;

/// <summary>The trace that a client belongs to goes on through Relay to the provider, whether it is sampled or not.</summary>
public sealed class TraceContextTests
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string ParentId = "00f067aa0ba902b7";
    private const string State = "vendor=abc,other=1";

    [Fact]
    public async Task Traceparent_IsHonouredAndTheProviderGetsTheAttemptsSpan()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var provider = await TestProvider.StartAsync();
        await using var rig = await TelemetryRig.StartAsync(TelemetryRig.To(receiver), change: null, provider.Url);

        await rig.PostAsync(TelemetryRig.Body(), headers: [("traceparent", $"00-{TraceId}-{ParentId}-01"), ("tracestate", State)]);
        var record = await rig.NextRecordAsync();
        await rig.EndAsync();

        var (server, client) = SpanTests.Pair(receiver.Spans);
        Assert.Equal((TraceId, ParentId, State), (server.TraceIdText(), server.ParentIdText(), server.TraceState));
        Assert.Equal(TraceId, record.TraceId);
        var headers = Assert.Single(provider.Headers);
        Assert.Equal($"00-{TraceId}-{client.SpanIdText()}-01", headers["traceparent"]);
        Assert.Equal(State, headers["tracestate"]);
    }

    [Fact]
    public async Task GrpcCall_IsTracedLikeAnyOther()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var provider = await TestProvider.StartAsync();
        await using var rig = await TelemetryRig.StartAsync(TelemetryRig.To(receiver), change: null, provider.Url);
        using var client = new GrpcClient(rig.GrpcUrl, TimeProvider.System);
        var ask = new ChatRequest { Model = TelemetryRig.Model, Messages = { new Message { Role = Role.User, Text = "hello" } } };
        var options = new GrpcCallOptions { Metadata = [new("traceparent", $"00-{TraceId}-{ParentId}-01"), new("tracestate", State)] };

        await client.UnaryAsync<ChatRequest, ChatResponse>(ChatReflection.Descriptor.Services[0].FindMethodByName("Complete"), ask, options, Patience.Token);
        var record = await rig.NextRecordAsync();
        var port = rig.GrpcUrl.Port;
        await rig.EndAsync();

        var (server, call) = SpanTests.Pair(receiver.Spans);
        Assert.Equal((TraceId, ParentId, (long)port), (server.TraceIdText(), server.ParentIdText(), server.Tags()["server.port"]));
        Assert.Equal((TraceId, record.Endpoint), (record.TraceId, server.Tags()["relay.endpoint"]));
        Assert.Equal($"00-{TraceId}-{call.SpanIdText()}-01", provider.Headers[0]["traceparent"]);
    }

    [Fact]
    public async Task EachAttempt_HasItsOwnSpanAtItsProvider()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var broken = await TestProvider.StartAsync(http =>
        {
            http.Response.StatusCode = 401;
            return Task.CompletedTask;
        });
        await using var rig = await TelemetryRig.StartAsync(TelemetryRig.To(receiver), change: null, broken.Url);

        await rig.PostAsync(TelemetryRig.Body());
        await rig.EndAsync();

        var attempts = receiver.Spans.Where(s => s.Kind == OtlpReading.Client).OrderBy(s => s.Tags()["relay.attempt"]).ToArray();
        Assert.Contains(attempts[0].SpanIdText(), broken.Headers[0]["traceparent"], StringComparison.Ordinal);
        Assert.Contains(attempts[1].SpanIdText(), rig.Simulators[0].Log.Last!.TraceParent, StringComparison.Ordinal);
        Assert.NotEqual(attempts[0].SpanIdText(), attempts[1].SpanIdText());
    }

    [Fact]
    public async Task TraceThatIsNotSampled_LeavesNoSpanAndItsIdGoesOn()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var provider = await TestProvider.StartAsync();
        await using var rig = await TelemetryRig.StartAsync(TelemetryRig.To(receiver), change: null, provider.Url);

        await rig.PostAsync(TelemetryRig.Body(), headers: [("traceparent", $"00-{TraceId}-{ParentId}-00"), ("tracestate", State)]);
        var record = await rig.NextRecordAsync();
        await rig.EndAsync();

        Assert.Empty(receiver.Spans);
        Assert.Equal(TraceId, record.TraceId);
        Assert.StartsWith($"00-{TraceId}-", provider.Headers[0]["traceparent"], StringComparison.Ordinal);
        Assert.EndsWith("-00", provider.Headers[0]["traceparent"], StringComparison.Ordinal);
        Assert.Equal(State, provider.Headers[0]["tracestate"]);
    }

    [Fact]
    public async Task RequestThatIsNotSampled_GetsATraceIdAllTheSame()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var provider = await TestProvider.StartAsync();
        await using var rig = await TelemetryRig.StartAsync(TelemetryRig.To(receiver, true, ("OTEL_TRACES_SAMPLER", "always_off")), change: null, provider.Url);

        await rig.PostAsync(TelemetryRig.Body());
        var record = await rig.NextRecordAsync();
        await rig.PostAsync(TelemetryRig.Body());
        var other = await rig.NextRecordAsync();
        await rig.EndAsync();

        Assert.Empty(receiver.Spans);
        Assert.Matches("^[0-9a-f]{32}$", record.TraceId);
        Assert.NotEqual(record.TraceId, other.TraceId);
        Assert.Matches($"^00-{record.TraceId}-[0-9a-f]{{16}}-00$", provider.Headers[0]["traceparent"]);
        Assert.Null(System.Diagnostics.Activity.Current);
    }

    [Theory]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01")]
    [InlineData("garbage")]
    [InlineData("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01")]
    public async Task BrokenTraceparent_StartsATraceOfItsOwn(string traceparent)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var provider = await TestProvider.StartAsync();
        await using var rig = await TelemetryRig.StartAsync(TelemetryRig.To(receiver), change: null, provider.Url);

        await rig.PostAsync(TelemetryRig.Body(), headers: [("traceparent", traceparent), ("tracestate", State)]);
        await rig.EndAsync();

        // A state without a trace means nothing.
        Assert.DoesNotContain("tracestate", provider.Headers[0].Keys);
        var (server, _) = SpanTests.Pair(receiver.Spans);
        Assert.Equal("", server.ParentIdText());
        Assert.DoesNotContain(server.TraceIdText(), traceparent, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task WithoutTelemetry_TheClientsOwnTraceGoesOn()
    {
        await using var provider = await TestProvider.StartAsync();
        await using var rig = await TelemetryRig.StartAsync(new Dictionary<string, string>(), change: null, provider.Url);

        await rig.PostAsync(TelemetryRig.Body(), headers: [("traceparent", $"00-{TraceId}-{ParentId}-01"), ("tracestate", State)]);
        await rig.PostAsync(TelemetryRig.Body());
        var record = await rig.NextRecordAsync();

        Assert.Equal(($"00-{TraceId}-{ParentId}-01", State), (provider.Headers[0]["traceparent"], provider.Headers[0]["tracestate"]));
        Assert.DoesNotContain("traceparent", provider.Headers[1].Keys);
        Assert.Equal((TraceId, null), (record.TraceId, (await rig.NextRecordAsync()).TraceId));
    }

    [Fact]
    public async Task OnePercent_IsOneOfAHundredAndEveryRequestKeepsItsTraceId()
    {
        const int Requests = 200;
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var rig = await TelemetryRig.StartAsync(TelemetryRig.To(receiver, true, ("OTEL_TRACES_SAMPLER", "traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", "0.01")));

        // The sampler looks at the id: these are spread evenly over all of them.
        for (var i = 0; i < Requests; i++)
        {
            var id = $"{(ulong)((2 * i) + 1) * (ulong.MaxValue / 4 / Requests):x16}{i + 1:x16}";
            await rig.PostAsync(TelemetryRig.Body(extra: ",\"max_tokens\":1"), headers: ("traceparent", $"00-{id}-{ParentId}-00"));
            Assert.Equal(id, (await rig.NextRecordAsync()).TraceId);
        }

        await rig.EndAsync();

        Assert.Equal(Requests / 100, receiver.Spans.Count(s => s.Kind == OtlpReading.Server));
        Assert.Equal(Requests / 100, receiver.Spans.Count(s => s.Kind == OtlpReading.Client));
        Assert.Equal(Requests, (double)receiver.Metrics["gen_ai.server.request.duration"].Histogram.DataPoints.Sum(p => (long)p.Count));
    }
}
