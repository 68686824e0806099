using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace AppHost.Tests;

/// <summary>The program as people start it: exit codes, messages, and a clean end on SIGTERM.</summary>
public sealed class HostProcessTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task BadFile_ExitsNonZeroAndNamesTheErrors()
    {
        var path = Write("""{ "models": {} }""");

        var (code, _, errors) = await RunAsync("--config", path);

        Assert.Equal(2, code);
        Assert.Contains("$.models", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gateway")]
    [InlineData("grpc")]
    [InlineData("api")]
    [InlineData("apiGrpc")]
    public async Task TakenPort_ExitsNonZeroAndSaysWhich(string option)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var listen = new Dictionary<string, string> { ["gateway"] = "127.0.0.1:0", ["grpc"] = "127.0.0.1:0", ["api"] = "127.0.0.1:0", ["apiGrpc"] = "127.0.0.1:0" };
        listen[option] = $"127.0.0.1:{port}";
        var path = Write($$"""{ "listen": {{JsonSerializer.Serialize(listen)}}, "providers": { "p": { "baseUrl": "http://127.0.0.1:9/v1" } }, "models": { "m": { "targets": ["p/x"] } } }""");

        var (code, _, errors) = await RunAsync("--config", path);

        Assert.Equal(1, code);
        Assert.Contains($"127.0.0.1:{port} is taken", errors, StringComparison.Ordinal);
        Assert.Contains($"set listen.{option} in", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminated_StopsInOrderAndExitsWell()
    {
        var path = Write("""{ "listen": { "gateway": "127.0.0.1:0", "grpc": "127.0.0.1:0", "api": "127.0.0.1:0", "apiGrpc": "127.0.0.1:0" }, "providers": { "p": { "baseUrl": "http://127.0.0.1:9/v1" } }, "models": { "m": { "targets": ["p/x"] } } }""");
        using var process = Start("--config", path);
        var seen = "";
        while (await process.StandardOutput.ReadLineAsync() is { } line && !line.Contains("Ctrl+C stops it", StringComparison.Ordinal))
        {
            seen += line + "\n";
        }

        Assert.Contains("OpenAI base URL", seen, StringComparison.Ordinal);
        Assert.Contains("gRPC              127.0.0.1:", seen, StringComparison.Ordinal);
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString()]);
        await process.WaitForExitAsync().WaitAsync(Limit, TimeProvider.System);

        Assert.Equal(0, process.ExitCode);
    }

    private static string Write(string text)
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("relay-test-").FullName, "relay.json");
        File.WriteAllText(path, text);
        return path;
    }

    private static Process Start(params string[] arguments)
    {
        var info = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "AppHost.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        return Process.Start(info)!;
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Limit, TimeProvider.System);
        return (process.ExitCode, await output, await errors);
    }
}
