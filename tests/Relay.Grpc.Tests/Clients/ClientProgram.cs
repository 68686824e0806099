using System.Diagnostics;
using System.Text.Json;
using Relay.Grpc.Tests.Kit;
using Relay.TestKit;

namespace Relay.Grpc.Tests.Clients;

/// <summary>Runs a program of tests/clients that is not node's, and reads the JSON object that it prints.</summary>
internal static class ClientProgram
{
    /// <summary>The folder tests/clients.</summary>
    public static string Folder => Path.Combine(Root, "tests", "clients");

    /// <summary>The folder protos.</summary>
    public static string Protos => Path.Combine(Root, "protos");

    /// <summary>The folder of the echo service's file.</summary>
    public static string OwnProtos => Path.Combine(Root, "tests", "Relay.Grpc.Tests", "Protos");

    private static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder!.FullName, "RelayAspire.sln")))
            {
                folder = folder.Parent;
            }

            return folder.FullName;
        }
    }

    /// <summary>Skips on a laptop, or fails under CI, when a file or folder of the client is missing.</summary>
    public static void Need(string path, string howToGet)
    {
        if (!Path.Exists(path))
        {
            Assert.SkipUnless(Require.IsCi, $"{path} is missing: {howToGet}");
            Assert.Fail($"CI=true, and {path} is missing: {howToGet}");
        }
    }

    public static async Task<JsonElement> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(Patience.Token);
        var errors = process.StandardError.ReadToEndAsync(Patience.Token);
        await process.WaitForExitAsync(Patience.Token);
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {await errors}{await output}");
        using var json = JsonDocument.Parse(await output);
        return json.RootElement.Clone();
    }
}
