using Relay.Telemetry.Tests.Kit;

namespace Relay.Telemetry.Tests.Composition;

/// <summary>Log lines go out with the ids of the request that they belong to, and say whose they are.</summary>
public sealed class LogTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task LogLines_CarryTheIdsOfTheirRequest(bool grpc)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var rig = await TelemetryRig.StartAsync(TelemetryRig.To(receiver, grpc));
        rig.Simulators[0].Faults.Add("*", "unauthorized");

        await rig.PostAsync(TelemetryRig.Body());
        var record = await rig.NextRecordAsync();
        await rig.EndAsync();

        var server = receiver.Spans.Single(s => s.Kind == OtlpReading.Server);
        var failed = receiver.Logs.Single(l => l.Attributes.Tags().GetValueOrDefault("Error") is "provider_auth");
        Assert.Equal(server.TraceId, failed.TraceId);
        var done = receiver.Logs.Single(l => l.Body.StringValue.StartsWith($"Request {record.RequestId} trace=", StringComparison.Ordinal));
        Assert.Equal((server.TraceId, server.SpanId), (done.TraceId, done.SpanId));
        Assert.Contains($"trace={server.TraceIdText()} ", done.Body.StringValue, StringComparison.Ordinal);
        Assert.Equal(record.TraceId, done.Attributes.Tags()["TraceId"]);
        Assert.Contains(receiver.Logs, l => l.Body.StringValue.StartsWith("Gateway listens on ", StringComparison.Ordinal) && l.TraceId.IsEmpty);
    }

    [Fact]
    public async Task Resource_NamesTheServiceAndWhatTheVariablesAdd()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var rig = await TelemetryRig.StartAsync(TelemetryRig.To(
            receiver, true, ("OTEL_SERVICE_NAME", "my-relay"), ("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=test,team=a%20b,service.name=loses")));

        await rig.PostAsync(TelemetryRig.Body());
        await rig.EndAsync();

        Assert.True(receiver.Resources.Count >= 3);
        Assert.All(receiver.Resources, resource =>
        {
            var tags = resource.Attributes.Tags();
            Assert.Equal(("my-relay", "test", "a b"), (tags["service.name"], tags["deployment.environment"], tags["team"]));
            Assert.Equal("0.1.0", tags["service.version"]);
            Assert.NotEmpty((string)tags["service.instance.id"]!);
        });
        Assert.Single(receiver.Resources.Select(r => r.Attributes.Tags()["service.instance.id"]).Distinct());
    }

    [Fact]
    public async Task Resource_IsCalledRelayByDefault()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var rig = await TelemetryRig.StartAsync(TelemetryRig.To(receiver));

        await rig.PostAsync(TelemetryRig.Body());
        await rig.EndAsync();

        Assert.All(receiver.Resources, resource => Assert.Equal("relay", resource.Attributes.Tags()["service.name"]));
    }
}
