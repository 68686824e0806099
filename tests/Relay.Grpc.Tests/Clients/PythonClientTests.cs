using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Relay.Grpc.Wire.Health;
using Relay.Grpc.Wire.Reflection;
using Relay.Grpc.Wire.Rpc;

namespace Relay.Grpc.Tests.Clients;

/// <summary>Debian's official <c>python3-grpcio</c>, which is gRPC's C core; tests/clients/grpc_client.py is the program it runs in.</summary>
public sealed class PythonClientTests : ClientContract
{
    /// <summary>Debian's own, since another python on PATH does not see Debian's packages.</summary>
    private const string Python = "/usr/bin/python3";

    private const string Library = "/usr/lib/python3/dist-packages/grpc";

    [Fact]
    public async Task OtherCompression_IsUnimplemented()
    {
        await using var host = await Kit.EchoHost.StartAsync();

        var seen = await RunAsync(host.Grpc, "deflate");

        Assert.Equal((int)GrpcStatusCode.Unimplemented, seen.GetProperty("code").GetInt32());
    }

    private protected override async Task<JsonElement> RunAsync(Uri server, string scenario)
    {
        ClientProgram.Need(Python, "install python3, or run ./test.sh on Debian");
        ClientProgram.Need(Library, "install python3-grpcio, or run ./test.sh on Debian");
        var folder = Directory.CreateTempSubdirectory("relay-grpc-");
        try
        {
            var file = Path.Combine(folder.FullName, "descriptors");
            await File.WriteAllBytesAsync(file, Descriptors().ToByteArray());
            return await ClientProgram.RunAsync(Python, "grpc_client.py", server.Authority, file, scenario);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private protected override void CheckDetails(JsonElement seen)
    {
        Assert.Equal("RATE_LIMITED", Text(seen, "reason"));
        Assert.Equal("relay", Text(seen, "domain"));
        Assert.Equal("rate_limited", Text(seen, "kind"));
        Assert.Equal(1_500, seen.GetProperty("retryMs").GetInt32());
    }

    private static FileDescriptorSet Descriptors()
    {
        FileDescriptor[] own = [HealthReflection.Descriptor, ReflectionReflection.Descriptor, StatusReflection.Descriptor, ErrorDetailsReflection.Descriptor];
        var all = own.SelectMany(file => file.Dependencies).Concat(own).DistinctBy(file => file.Name);
        return new() { File = { all.Select(file => FileDescriptorProto.Parser.ParseFrom(file.SerializedData)) } };
    }
}
