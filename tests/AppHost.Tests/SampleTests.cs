using System.Text.RegularExpressions;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Relay.AppHost;
using Relay.TestKit;
using Relay.V1;

namespace AppHost.Tests;

/// <summary>The samples that docs/grpc.md shows print what it shows, with the demo behind them.</summary>
public sealed partial class SampleTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("chat")]
    [InlineData("stats")]
    public async Task PythonSample_PrintsWhatTheDocsShow(string name)
    {
        if (PythonClient.SkipReason("grpc", "python3-grpcio") is { } reason)
        {
            Assert.Skip(reason);
        }

        var folder = Directory.CreateTempSubdirectory("relay-sample-");
        await using var host = new EmbeddedHost(null, anyPort: true);
        await host.StartAsync(TestContext.Current.CancellationToken);
        try
        {
            var descriptors = Path.Combine(folder.FullName, "descriptors");
            await File.WriteAllBytesAsync(descriptors, Descriptors().ToByteArray(), TestContext.Current.CancellationToken);
            var sample = Path.Combine(ClientProcess.Root, "samples", "grpc", name + ".py");

            using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
            var printed = await ClientProcess.RunAsync(PythonClient.Python, ["sample.py", descriptors, sample, .. Ports(host, name)], limit.Token);

            Assert.Equal(Shown($"python3 samples/grpc/{name}.py"), printed);
        }
        finally
        {
            folder.Delete(recursive: true);
            await host.StopAsync();
        }
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("stats")]
    public async Task NodeSample_PrintsWhatTheDocsShow(string name)
    {
        if (NodeClient.SkipReason("@grpc/grpc-js") is { } reason)
        {
            Assert.Skip(reason);
        }

        // Node looks for packages beside the program.
        var folder = Directory.CreateDirectory(Path.Combine(ClientProcess.Folder, "node_modules", ".relay-samples"));
        var program = Path.Combine(folder.FullName, $"{Guid.NewGuid():N}.mjs");
        File.Copy(Path.Combine(ClientProcess.Root, "samples", "grpc", name + ".mjs"), program);
        await using var host = new EmbeddedHost(null, anyPort: true);
        await host.StartAsync(TestContext.Current.CancellationToken);
        try
        {
            using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
            var printed = await ClientProcess.RunAsync("node", [program, .. Ports(host, name)], limit.Token, ClientProcess.Root);

            Assert.Equal(Shown($"node samples/grpc/{name}.mjs"), printed);
        }
        finally
        {
            File.Delete(program);
            await host.StopAsync();
        }
    }

    /// <summary>What each sample is to be told: of chat the gateway's port, of stats the API's as well.</summary>
    private static string[] Ports(EmbeddedHost host, string name) =>
        name == "chat" ? [host.Gateway!.GrpcUrl.Authority] : [host.Api!.GrpcEndPoint.ToString(), host.Gateway!.GrpcUrl.Authority];

    private static FileDescriptorSet Descriptors()
    {
        FileDescriptor[] own = [TokensReflection.Descriptor, ChatReflection.Descriptor, StatsReflection.Descriptor];
        var all = own.SelectMany(file => file.Dependencies).Concat(own).DistinctBy(file => file.Name);
        return new() { File = { all.Select(file => FileDescriptorProto.Parser.ParseFrom(file.SerializedData)) } };
    }

    /// <summary>What follows a command in a transcript of docs/grpc.md.</summary>
    private static string Shown(string command)
    {
        var page = File.ReadAllText(Path.Combine(ClientProcess.Root, "docs", "grpc.md"));
        var block = Assert.Single(Blocks().Matches(page), m => m.Groups["text"].Value.Contains($"$ {command}\n", StringComparison.Ordinal)).Groups["text"].Value;
        return block[(block.IndexOf($"$ {command}\n", StringComparison.Ordinal) + command.Length + 3)..];
    }

    [GeneratedRegex("```console\n(?<text>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Blocks();
}
