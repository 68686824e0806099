using System.Text.Json;
using Relay.Core.Errors;
using Relay.Gateway.Tests.Auth;
using Relay.Gateway.Tests.Kit;
using Relay.Grpc;
using Relay.Simulator;

namespace Relay.Gateway.Tests.Grpc;

/// <summary>What every official client must see of the gateway's chat service.</summary>
public abstract class ChatClientContract
{
    private static readonly RigOptions Keyed = new() { Config = c => c with { Keys = [KeyTests.Alice] } };

    [Theory]
    [InlineData("complete", "")]
    [InlineData("complete", "status=503")]
    [InlineData("stream", "")]
    [InlineData("stream", "cut-after=0")]
    [InlineData("stream", "cut-after=5,end=clean")]
    public async Task Answer_IsThatOfHttp(string scenario, string fault)
    {
        await using var rig = await Rig.StartAsync(Keyed);
        if (fault.Length > 0)
        {
            rig.Primary.Faults.Add("*", fault);
        }

        var seen = await RunAsync(rig, scenario);

        var record = await rig.Records.NextAsync();
        Assert.Equal(rig.Expected(), Text(seen, "text"));
        Assert.Equal((record.RequestId, record.RequestId), (Text(seen, "requestId"), Text(seen, "header")));
        Assert.Equal(
            (record.Target, record.Usage!.Value.Total, record.Cost!.Value.Nanos),
            (Text(seen, "target"), seen.GetProperty("tokens").GetInt64(), seen.GetProperty("nanoUsd").GetInt64()));
        Assert.Equal(("alice", "grpc", ErrorKind.None), (record.Key, record.Protocol, record.Error));
        if (record.Rescued)
        {
            Assert.Equal("""[["p0/gpt-sim","p1/gpt-sim","truncated"]]""", seen.GetProperty("rescues").GetRawText().Replace(" ", "", StringComparison.Ordinal));
        }

        Assert.Equal(fault.StartsWith("cut-after=5", StringComparison.Ordinal), record.Rescued);
    }

    [Fact]
    public async Task Tool_IsCalledAndItsResultAnswered()
    {
        await using var rig = await Rig.StartAsync(Keyed);

        var seen = await RunAsync(rig, "tool");

        Assert.Equal(("weather", true, rig.Expected("use the tool")), (Text(seen, "name"), seen.GetProperty("city").GetBoolean(), Text(seen, "text")));
    }

    [Fact]
    public async Task Deadline_IsDeadlineExceeded_AlsoInTheRecord()
    {
        await using var rig = await Rig.StartAsync(Keyed);
        rig.Break("silence");

        var seen = await RunAsync(rig, "deadline");

        Assert.Equal((int)GrpcStatusCode.DeadlineExceeded, Code(seen));
        Assert.Equal(ErrorKind.ClientDeadline, (await rig.Records.NextAsync()).Error);
        await rig.Primary.Log.WaitForAsync(r => r.Ending == RequestEnding.ClientAborted, Patience.Token);
    }

    [Fact]
    public async Task Cancel_LetsTheProviderGo()
    {
        await using var rig = await Rig.StartAsync(Keyed);
        rig.Break("stall-after=3");

        var seen = await RunAsync(rig, "cancel");

        Assert.Equal((int)GrpcStatusCode.Cancelled, Code(seen));
        Assert.Equal(ErrorKind.ClientClosed, (await rig.Records.NextAsync()).Error);
        await rig.Primary.Log.WaitForAsync(r => r.Ending == RequestEnding.ClientAborted, Patience.Token);
    }

    [Fact]
    public async Task Refusals_HaveStatusDetailsAndARequestId()
    {
        await using var rig = await Rig.StartAsync(Keyed);

        var seen = await RunAsync(rig, "refused");

        foreach (var way in new[] { "field", "stream" })
        {
            var field = seen.GetProperty(way);
            Assert.Equal((int)GrpcStatusCode.InvalidArgument, Code(field));
            CheckDetails(field, new() { ["reason"] = "INVALID_REQUEST", ["domain"] = "relay", ["kind"] = "invalid_request", ["code"] = "invalid_request", ["param"] = "extra.temperature" });
            Assert.StartsWith("req_", Text(field, "requestId"), StringComparison.Ordinal);
        }

        var key = seen.GetProperty("key");
        Assert.Equal((int)GrpcStatusCode.Unauthenticated, Code(key));
        CheckDetails(key, new() { ["kind"] = "authentication", ["code"] = "missing_api_key" });
        Assert.Equal(0, rig.Primary.Log.Total);
    }

    [Fact]
    public async Task BrokenStream_EndsInAStatusAfterWhatCame()
    {
        await using var rig = await Rig.StartAsync(Keyed with { Simulators = 1 });
        rig.Break("cut-after=5,end=clean");

        var seen = await RunAsync(rig, "broken");

        Assert.Equal((int)GrpcStatusCode.Unavailable, Code(seen));
        CheckDetails(seen, new() { ["kind"] = "truncated", ["should_retry"] = "false" });
        Assert.Equal(string.Join(' ', rig.Expected().Split(' ')[..5]), Text(seen, "text").TrimEnd());
    }

    /// <summary>Runs a scenario in the client's program.</summary>
    private protected abstract Task<JsonElement> RunAsync(Rig rig, string scenario);

    /// <summary>Checks the error's details.</summary>
    private protected abstract void CheckDetails(JsonElement seen, Dictionary<string, string> expected);

    private protected static string Text(JsonElement seen, string name) => seen.GetProperty(name).GetString()!;

    private static int Code(JsonElement seen) => seen.GetProperty("status").GetInt32();
}
