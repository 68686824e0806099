using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Relay.Cli.Tests.Rig;
using Relay.TestKit;

namespace Relay.Cli.Tests.Top;

/// <summary>The real process in a real pseudo terminal, made by script(1).</summary>
[Collection(nameof(RealTerminalTests))]
[CollectionDefinition(nameof(RealTerminalTests), DisableParallelization = true)]
public sealed class RealTerminalTests
{
    private const string Enter = "\e[?1049h";
    private const string Colors = "\e\\[(1;)?(3[0-7]|9[0-7]|38;)";
    private const string Leave = "\e[?1049l";

    public static string? Skip => OperatingSystem.IsLinux() ? Require.SkipReason("script", "install util-linux (bsdutils)") : "script(1) has other options elsewhere";

    [Theory]
    [InlineData("q", "")]
    [InlineData("\u0003", "")]
    [InlineData("q", "NO_COLOR=1")]
    public async Task Process_DrawsTakesKeysAndPutsTheTerminalBack(string quit, string variable)
    {
        Assert.SkipWhen(Skip is not null, Skip ?? "");
        await using var relay = await RunningRelay.StartAsync();
        await relay.ReportTrafficAsync();
        using var terminal = new Script($"trap : INT; stty rows 24 cols 100; stty -g; {variable} TERM=xterm-256color {Relay} top --address {relay.Address}; echo exit=$?; stty -g");

        await terminal.SeeAsync("live");
        await terminal.SendAsync("j\r");
        await terminal.SeeAsync("model chat");
        await terminal.SendAsync("\u007f");
        await terminal.SendAsync(quit);
        var text = await terminal.EndAsync();

        var enter = text.IndexOf(Enter, StringComparison.Ordinal);
        var leave = text.LastIndexOf(Leave, StringComparison.Ordinal);
        Assert.InRange(enter, 0, leave);
        Assert.Contains("\e[?25l", text[enter..leave], StringComparison.Ordinal);
        Assert.Contains("\e[?25h", text[enter..leave], StringComparison.Ordinal);
        var after = text[(leave + Leave.Length)..].Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["exit=0", text[..text.IndexOfAny(['\r', '\n'])]], after);
        Assert.Contains("\e[?1l", text[enter..leave], StringComparison.Ordinal);
        Assert.Equal(variable.Length == 0, Regex.IsMatch(text, Colors, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)));
    }

    [Theory]
    [InlineData("| cat")]
    [InlineData("--once")]
    public async Task RedirectedOrOnce_DoesNotDraw(string rest)
    {
        Assert.SkipWhen(Skip is not null, Skip ?? "");
        await using var relay = await RunningRelay.StartAsync();
        using var terminal = new Script($"stty rows 24 cols 40; {Relay} top --address {relay.Address} {rest}; echo done");

        var text = await terminal.EndAsync();

        Assert.Contains("all models", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Enter, text, StringComparison.Ordinal);
        Assert.DoesNotMatch(Colors, text);
        Assert.Equal(rest != "--once", text.Contains("ttft", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ReaderThatLeaves_EndsTheStreamOfLines()
    {
        Assert.SkipWhen(Skip is not null, Skip ?? "");
        await using var relay = await RunningRelay.StartAsync();
        await relay.ReportTrafficAsync();
        using var terminal = new Script($"({Relay} top --json --interval 100ms --address {relay.Address}; echo exit=$? >&2) | (head -1 > /dev/null; exec < /dev/null; echo gone)");
        await terminal.SeeAsync("gone");

        await relay.Grains.ApplyAsync(new Silo.Grains.ModelDelta("g", 3, "chat", null, 4), default);

        Assert.Contains("exit=0", await terminal.EndAsync(), StringComparison.Ordinal);
    }

    private static string Relay => $"dotnet exec {Path.Combine(AppContext.BaseDirectory, "relay.dll")}";

    /// <summary>A shell in a pseudo terminal.</summary>
    private sealed class Script : IDisposable
    {
        private readonly Process _process;
        private readonly StringBuilder _text = new();

        public Script(string command)
        {
            var script = new ProcessStartInfo("script", ["-qec", command, "/dev/null"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                UseShellExecute = false,
                StandardOutputEncoding = Encoding.UTF8,
                Environment = { ["SHELL"] = "/bin/sh" },
            };

            // The command decides; the one who runs the tests may have set it.
            script.Environment.Remove("NO_COLOR");
            _process = Process.Start(script)!;
            _process.StandardInput.AutoFlush = true;
        }

        public async Task SeeAsync(string wanted)
        {
            var buffer = new char[4_096];
            var patience = Shell.Patience;
            while (!Regex.Replace(_text.ToString(), "\e\\[[0-9;?]*[A-Za-z]", "", RegexOptions.None, TimeSpan.FromSeconds(1)).Contains(wanted, StringComparison.Ordinal))
            {
                var read = await _process.StandardOutput.ReadAsync(buffer, patience);
                Assert.True(read > 0, $"It ended without '{wanted}': {_text}");
                _text.Append(buffer, 0, read);
            }
        }

        public Task SendAsync(string keys) => _process.StandardInput.WriteAsync(keys.AsMemory(), Shell.Patience);

        /// <summary>All that it wrote.</summary>
        public async Task<string> EndAsync()
        {
            _text.Append(await _process.StandardOutput.ReadToEndAsync(Shell.Patience));
            await _process.WaitForExitAsync(Shell.Patience);
            return _text.ToString();
        }

        public void Dispose()
        {
            if (!_process.HasExited)
            {
                _process.Kill(entireProcessTree: true);
            }

            _process.Dispose();
        }
    }
}
