using System.Text.Json;
using Relay.Gateway.Tests.Kit;
using Relay.Grpc.Wire.Rpc;
using Relay.TestKit;

namespace Relay.Gateway.Tests.Grpc;

/// <summary>npm's official <c>@grpc/grpc-js</c>; tests/clients/chat.mjs is the program it runs in.</summary>
public sealed class NodeChatTests : ChatClientContract
{
    private protected override async Task<JsonElement> RunAsync(Rig rig, string scenario)
    {
        if (NodeClient.SkipReason("@grpc/grpc-js") is { } reason)
        {
            Assert.Skip(reason);
        }

        return await NodeClient.RunAsync("chat.mjs", [Path.Combine(ClientProcess.Root, "protos"), rig.Gateway.GrpcUrl.Authority, scenario], Patience.Token);
    }

    private protected override void CheckDetails(JsonElement seen, Dictionary<string, string> expected)
    {
        var info = Status.Parser.ParseFrom(Convert.FromBase64String(Text(seen, "details"))).Details[0].Unpack<ErrorInfo>();
        foreach (var (name, value) in expected)
        {
            Assert.Equal(value, name switch { "reason" => info.Reason, "domain" => info.Domain, _ => info.Metadata[name] });
        }
    }
}
