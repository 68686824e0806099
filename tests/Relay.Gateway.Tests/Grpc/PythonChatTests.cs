using System.Text.Json;
using Relay.Gateway.Tests.Kit;
using Relay.TestKit;

namespace Relay.Gateway.Tests.Grpc;

/// <summary>Debian's official <c>python3-grpcio</c>, which is gRPC's C core; tests/clients/chat_client.py is the program it runs in.</summary>
public sealed class PythonChatTests : ChatClientContract
{
    private protected override async Task<JsonElement> RunAsync(Rig rig, string scenario)
    {
        if (PythonClient.SkipReason("grpc", "python3-grpcio") is { } reason)
        {
            Assert.Skip(reason);
        }

        using var descriptors = await DescriptorFile.WriteAsync();
        var output = await ClientProcess.RunAsync(PythonClient.Python, ["chat_client.py", descriptors.Path, rig.Gateway.GrpcUrl.Authority, scenario], Patience.Token);
        using var json = JsonDocument.Parse(output);
        return json.RootElement.Clone();
    }

    private protected override void CheckDetails(JsonElement seen, Dictionary<string, string> expected)
    {
        foreach (var (name, value) in expected)
        {
            Assert.Equal(value, Text(seen, name));
        }
    }
}
