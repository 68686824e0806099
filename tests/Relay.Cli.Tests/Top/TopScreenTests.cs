using Relay.Cli.Tests.Rig;
using Spectre.Console;

namespace Relay.Cli.Tests.Top;

/// <summary>The live screen over a real stream of frames.</summary>
public sealed class TopScreenTests
{
    [Fact]
    public async Task Screen_ShowsFramesAsTheyComeAndEndsWithQ()
    {
        await using var relay = await RunningRelay.StartAsync();
        var terminal = new FakeTerminal();
        var run = Run(relay, terminal);
        var before = await terminal.SeeAsync("live");
        Assert.Contains($"Relay {relay.Address}  live  window 5m", before, StringComparison.Ordinal);
        Assert.Matches("all models +0 ", before);

        await relay.ReportTrafficAsync();
        var screen = await terminal.SeeAsync("open (too many failures)");

        Assert.Matches("all models +3 +66.6% +35ms +100ms +1.0ms +45.7 +\\$1.23 +1 +5 +1/2 closed", screen);
        Assert.Contains("q quit  s sort: requests  w window: 5m  Enter details", screen, StringComparison.Ordinal);
        terminal.Press('q');
        Assert.Equal((0, "", ""), await run);
        Assert.Equal((false, 1), (terminal.IsDrawing, terminal.Entered));
    }

    [Fact]
    public async Task Details_ShowDistributionsErrorsTokensBreakerAndStories()
    {
        await using var relay = await RunningRelay.StartAsync();
        await relay.ReportTrafficAsync();
        var terminal = new FakeTerminal(height: 40);
        var run = Run(relay, terminal);
        await terminal.SeeAsync("live");
        terminal.Press('j');
        terminal.Press('\r', ConsoleKey.Enter);

        var screen = await terminal.SeeAsync("Failovers and rescues");

        Assert.Contains("model chat  priority", screen, StringComparison.Ordinal);
        Assert.Matches("3 requests +66.6% well +5 active +4 attempts +1 streams +1 failovers +1 rescues", screen);
        Assert.Matches("p50 +p90 +p95 +p99 +avg +min +max", screen);
        Assert.Matches("latency +2.5ms +100ms +100ms +100ms +35ms +1.5ms +100ms", screen);
        Assert.Matches("idle_timeout +1 ", screen);
        Assert.Matches("reasoning +7 ", screen);
        Assert.Matches("wasted +9 ", screen);
        Assert.Matches("openai/gpt-4.1  open  too many failures  for \\d+s  next probe in \\d+s  opened 2 times", screen);
        Assert.Matches("ago  closed → open  too many failures", screen);
        Assert.Matches("ago  openai/gpt-4.1 → anthropic/claude  connection_reset after 250ms  ended well  failover  chat  req_1", screen);
        Assert.Matches("kept away by its breaker  failed  rescue  chat  req_2", screen);

        terminal.Press('\e', ConsoleKey.Escape);
        Assert.DoesNotContain("Failovers", await terminal.SeeAsync("all models"), StringComparison.Ordinal);
        terminal.Press('q');
        await run;
    }

    [Fact]
    public async Task OtherWindow_IsWatchedInstead()
    {
        await using var relay = await RunningRelay.StartAsync();
        var terminal = new FakeTerminal();
        var run = Run(relay, terminal);
        await terminal.SeeAsync("live  window 5m");

        terminal.Press('w');
        await terminal.SeeAsync("live  window 1h  ");
        terminal.Press('W');
        terminal.Press('W');
        await terminal.SeeAsync("live  window 1m  ");

        terminal.Press('q');
        await run;
    }

    [Fact]
    public async Task LostConnection_IsToldAndComesBackByItself()
    {
        await using var relay = await RunningRelay.StartAsync();
        var terminal = new FakeTerminal();
        var run = Run(relay, terminal);
        await terminal.SeeAsync("live");

        await relay.StopAsync();
        var lost = await terminal.SeeAsync("connection lost, trying again in ");
        Assert.Contains("figures of ", lost, StringComparison.Ordinal);
        Assert.Matches("all models +0 ", lost);
        await terminal.SeeAsync("does not answer");

        await relay.StartAgainAsync();
        var back = await terminal.SeeAsync("  live  ");
        Assert.DoesNotContain("does not answer", back, StringComparison.Ordinal);
        terminal.Press('q');
        Assert.Equal(0, (await run).Exit);
    }

    [Fact]
    public async Task OtherSize_IsDrawnAnew()
    {
        await using var relay = await RunningRelay.StartAsync();
        var terminal = new FakeTerminal();
        var run = Run(relay, terminal);
        await terminal.SeeAsync("ttft");

        terminal.Resize(30, 9);
        var small = await terminal.SeeAsync(screen => !screen.Contains("ttft", StringComparison.Ordinal));
        Assert.Equal(9, small.Split('\n').Length);
        terminal.Resize(3, 2);
        await terminal.SeeAsync(screen => screen.Split('\n').Length == 2);
        terminal.Resize(120, 30);
        await terminal.SeeAsync("ttft");

        terminal.Press('q');
        await run;
    }

    [Fact]
    public async Task LowTerminal_ScrollsToTheSelectedRow()
    {
        await using var relay = await RunningRelay.StartAsync();
        var terminal = new FakeTerminal(height: 7);
        var run = Run(relay, terminal);
        Assert.DoesNotContain("mini", await terminal.SeeAsync("live"), StringComparison.Ordinal);

        terminal.Press('G');

        var screen = await terminal.SeeAsync("mini");
        Assert.Contains("all models", screen, StringComparison.Ordinal);
        Assert.DoesNotContain("\nchat", screen, StringComparison.Ordinal);
        terminal.Press('g');
        await terminal.SeeAsync("\nchat");
        terminal.Press('q');
        await run;
    }

    [Theory]
    [InlineData(ColorSystemSupport.NoColors, false)]
    [InlineData(ColorSystemSupport.Standard, true)]
    public async Task Colors_AreShownWhereTheTerminalMay(ColorSystemSupport colors, bool expected)
    {
        await using var relay = await RunningRelay.StartAsync();
        await relay.ReportTrafficAsync();
        var terminal = new FakeTerminal { Colors = colors };
        var run = Run(relay, terminal);
        await terminal.SeeAsync("live");
        var open = terminal.Raw.First(line => line.Contains("open (", StringComparison.Ordinal));

        Assert.Equal(expected, System.Text.RegularExpressions.Regex.IsMatch(open, "\e\\[[0-9;]*(3[0-7]|9[0-7])m", System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)));
        terminal.Press('q');
        await run;
    }

    [Fact]
    public async Task ControlC_LeavesTheTerminalAsItWas()
    {
        await using var relay = await RunningRelay.StartAsync();
        var terminal = new FakeTerminal();
        var run = Run(relay, terminal);
        await terminal.SeeAsync("live");
        terminal.Press('\u0003', ConsoleKey.C, control: true);
        Assert.Equal(0, (await run).Exit);
        Assert.False(terminal.IsDrawing);
    }

    [Fact]
    public async Task TerminalThatIsGone_EndsIt()
    {
        await using var relay = await RunningRelay.StartAsync();
        var terminal = new FakeTerminal { Fault = new IOException("gone") };
        var (exit, _, errors) = await Run(relay, terminal);
        Assert.Equal((0, "", false, 1), (exit, errors, terminal.IsDrawing, terminal.Entered));
    }

    private static Task<(int Exit, string Output, string Errors)> Run(RunningRelay relay, FakeTerminal terminal) =>
        Shell.RunAsync(terminal, "top", "--interval", "100ms", "--address", relay.Address.ToString());
}
