using System.Text.Json;
using Relay.Grpc.Framing;
using Relay.Grpc.Tests.Kit;
using Relay.Grpc.Wire.Rpc;
using Relay.TestKit;

namespace Relay.Grpc.Tests.Clients;

/// <summary>npm's official <c>@grpc/grpc-js</c>; tests/clients/grpc.mjs is the program it runs in.</summary>
public sealed class NodeClientTests : ClientContract
{
    [Fact]
    public async Task Contract_LoadsWithEveryMethod()
    {
        var seen = await RunAsync(new Uri("http://127.0.0.1:1"), "contract");

        Assert.Equal(["Complete", "Stream"], seen.GetProperty("chat").EnumerateArray().Select(method => method.GetString()));
        Assert.Equal(
            V1.StatsReflection.Descriptor.Services[0].Methods.Select(method => method.Name),
            seen.GetProperty("stats").EnumerateArray().Select(method => method.GetString()));
    }

    private protected override async Task<JsonElement> RunAsync(Uri server, string scenario)
    {
        if (NodeClient.SkipReason("@grpc/grpc-js") is { } reason)
        {
            Assert.Skip(reason);
        }

        return await NodeClient.RunAsync("grpc.mjs", [server.Authority, $"{ClientProgram.Protos},{ClientProgram.OwnProtos}", scenario], Patience.Token);
    }

    private protected override void CheckDetails(JsonElement seen)
    {
        var status = Status.Parser.ParseFrom(BinaryHeader.TryDecode(Text(seen, "detailBytes")));
        Assert.Equal(8, status.Code);
        Assert.True(status.Details[0].TryUnpack<ErrorInfo>(out var info));
        Assert.Equal("RATE_LIMITED", info.Reason);
        Assert.True(seen.GetProperty("typed").GetBoolean());
    }
}
