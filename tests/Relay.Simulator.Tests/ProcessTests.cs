using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Relay.Simulator.Tests;

/// <summary>The simulator as its own process: ready line, signals, exit codes.</summary>
public class ProcessTests
{
    private readonly CancellationToken _limit = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System).Token;

    [Theory]
    [InlineData(15)]
    [InlineData(2)]
    public async Task Signal_EndsCleanly_AfterServing(int signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are POSIX");
        Assert.SkipWhen(IsIgnoredHere(signal), "this process was started in the background, so it and its children ignore the signal");
        using var process = Start("--name", "sim-a", "--port", "0", "--http2-port", "0", "--words", "5", "--fault", "bad:status=418", "--api-key", "env:SIM_TEST_KEY");
        var ready = await process.StandardOutput.ReadLineAsync(_limit);
        Assert.StartsWith("sim-a ready at http://127.0.0.1:", ready, StringComparison.Ordinal);
        using var http = new HttpClient { BaseAddress = new Uri(ready!.Split(' ')[3]) };
        Assert.Equal(401, (int)(await http.PostAsync("/v1/chat/completions", new StringContent(Sim.Body()))).StatusCode);
        http.DefaultRequestHeaders.Authorization = new("Bearer", "sk-from-env");
        Assert.Equal(418, (int)(await http.PostAsync("/v1/chat/completions", new StringContent(Sim.Body(model: "bad")))).StatusCode);
        Assert.Equal(0, Kill(process.Id, signal));
        await process.WaitForExitAsync(_limit);
        Assert.Equal(0, process.ExitCode);
        Assert.Equal("", await process.StandardError.ReadToEndAsync(_limit));
    }

    /// <summary>A shell starts background jobs with SIGINT ignored, and children inherit that.</summary>
    private static bool IsIgnoredHere(int signal) =>
        OperatingSystem.IsLinux()
        && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } mask
        && (Convert.ToUInt64(mask[7..].Trim(), 16) >> (signal - 1) & 1) != 0;

    [Fact]
    public async Task Help_ListsEveryFault()
    {
        var (code, output, _) = await RunAsync("--help");
        Assert.Equal(0, code);
        Assert.All(FaultTable.All, f => Assert.Contains(f.Name, output, StringComparison.Ordinal));
    }

    [Fact]
    public void Docs_NameEveryFaultAndParameter()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "docs", "simulator.md")))
        {
            folder = folder.Parent;
        }

        var page = File.ReadAllText(Path.Combine(folder.FullName, "docs", "simulator.md"));
        Assert.All(FaultTable.All, f => Assert.Matches($"`{f.Name}[`=]", page));
        Assert.All(FaultTable.Modifiers.Except(["window"]), m => Assert.Contains($"`{m}=`", page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task WrongOptions_AllNamed_ExitTwo()
    {
        var (code, output, error) = await RunAsync("--port", "x", "--nope", "1", "--fault", "m:nope", "--words", "0", "--api-key", "sk-123", "--jitter", "3", "--seed");
        Assert.Equal((2, ""), (code, output));
        foreach (var part in new[] { "--port: 'x'", "--nope: there is no such option", "no fault 'nope'", "words is 0", "--api-key: write env:NAME", "--jitter: '3'", "--seed needs a value" })
        {
            Assert.Contains(part, error, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("sk-123", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TakenPort_SaysSo_ExitOne()
    {
        await using var sim = await Sim.StartAsync();
        var (code, _, error) = await RunAsync("--port", $"{sim.Server.BaseUrl.Port}");
        Assert.Equal(1, code);
        Assert.Contains("address already in use", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WrongOptions_Throws()
    {
        var wrong = await Assert.ThrowsAsync<ArgumentException>(() => SimulatorServer.StartAsync(new SimulatorOptions { DefaultWords = 0, WordsPerChunk = 0 }));
        Assert.Contains("words is 0", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("words-per-chunk is 0", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CommandLine_AllOptions_AreRead()
    {
        var line = CommandLine.Read(["--seed=9", "--first-token-ms", "150", "--token-ms", "lognormal:20,0.5", "--jitter", "0.2", "--coalesce", "--no-rate-limit-headers", "--models", "a,b", "--fault", "ft:x:reset"], _ => null);
        Assert.Empty(line.Problems);
        Assert.Equal(new LatencyOptions(Distribution.Uniform(120, 180), Distribution.LogNormal(20, 0.5)), line.Options.Latency);
        Assert.Equal((9, true, false), (line.Options.Seed, line.Options.CoalesceChunks, line.Options.RateLimitHeaders));
        Assert.Equal(("ft:x", Fault.Parse("reset")), Assert.Single(line.Faults));
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var process = Start(args);
        var output = process.StandardOutput.ReadToEndAsync(_limit);
        var error = process.StandardError.ReadToEndAsync(_limit);
        await process.WaitForExitAsync(_limit);
        return (process.ExitCode, await output, await error);
    }

    private static Process Start(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SIM_TEST_KEY"] = "sk-from-env";
        start.ArgumentList.Add(typeof(SimulatorServer).Assembly.Location);
        foreach (var arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        return Process.Start(start)!;
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);
}
