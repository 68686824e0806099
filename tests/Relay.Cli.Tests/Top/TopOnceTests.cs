using System.Text.Json;
using Relay.Cli.Tests.Rig;
using Relay.Silo.Grains;
using Relay.TestKit;

namespace Relay.Cli.Tests.Top;

/// <summary><c>relay top</c> where it prints and ends.</summary>
public sealed class TopOnceTests
{
    [Theory]
    [InlineData("--once")]
    [InlineData()]
    public async Task Once_AndWithoutATerminal_IsAPlainTable(params string[] option)
    {
        await using var relay = await RunningRelay.StartAsync(new ManualTimeProvider());
        await relay.ReportTrafficAsync();

        var (exit, output, errors) = await Shell.RunAsync([.. option.Prepend("top"), "--address", relay.Address.ToString()]);

        Assert.Equal((0, ""), (exit, errors));
        Assert.Equal(
            $"""
            Relay {relay.Address}, last 5m, 2026-01-01 00:00:00Z

                                requests  success    avg    p95   ttft  tok/s   cost  errors  active  breaker
            all models                 3    66.6%   35ms  100ms  1.0ms   45.7  $1.23       1       5  1/2 closed
            chat                       3    66.6%   35ms  100ms  1.0ms   45.7  $1.23       1       5  1/2 closed
              openai/gpt-4.1           4    50.0%  1.0ms  1.0ms      -      -      -       0       1  open (too many failures) 2s
              anthropic/claude         0        -      -      -      -      -     $0       0       0  closed
            mini                       0        -      -      -      -      -     $0       0       0  1/1 closed
              anthropic/claude         0        -      -      -      -      -     $0       0       0  closed

            """,
            output);
    }

    [Fact]
    public async Task Json_IsWhatTheApiAnswers()
    {
        await using var relay = await RunningRelay.StartAsync(new ManualTimeProvider());
        await relay.ReportTrafficAsync();
        using var http = new HttpClient { BaseAddress = relay.Url };
        foreach (var window in new[] { "1m", "5m", "1h", "24h" })
        {
            var (exit, output, errors) = await Shell.RunAsync("top", "--json", "--window", window, "--address", relay.Address.ToString());

            Assert.Equal((0, ""), (exit, errors));
            using var own = JsonDocument.Parse(output);
            using var api = JsonDocument.Parse(await http.GetStringAsync(new Uri($"/api/v1/models?window={window}", UriKind.Relative)));
            Assert.Equal([], JsonEquality.Differences(api.RootElement, own.RootElement));
            Assert.Equal(window, own.RootElement.GetProperty("window").GetString());
        }
    }

    [Fact]
    public async Task JsonWithInterval_IsALineForEachEventOfTheWatch()
    {
        await using var relay = await RunningRelay.StartAsync();
        await relay.ReportTrafficAsync();
        using var output = new FirstLine();

        var exit = await Shell.OnItsOwnThreadAsync(() => RelayCommand.Run(
            ["top", "--json", "--interval", "200ms", "--address", relay.Address.ToString()], new Gateway.Config.ProcessEnvironment(), output, TextWriter.Null));

        Assert.Equal(0, exit);
        using var line = JsonDocument.Parse(output.Line!);
        Assert.Equal(["sequence", "window", "generatedAt", "total", "models", "failovers"], line.RootElement.EnumerateObject().Select(field => field.Name));
        Assert.Equal(["req_1", "req_2"], line.RootElement.GetProperty("failovers").EnumerateArray().Select(story => story.GetProperty("requestId").GetString()));
        using var http = new HttpClient { BaseAddress = relay.Url };
        using var api = JsonDocument.Parse(await http.GetStringAsync(new Uri("/api/v1/failovers", UriKind.Relative)));
        Assert.Equal([], JsonEquality.Differences(api.RootElement.GetProperty("failovers")[1], line.RootElement.GetProperty("failovers")[0]));
    }

    [Fact]
    public async Task OneModel_IsAloneBelowTheTotal()
    {
        await using var relay = await RunningRelay.StartAsync(new ManualTimeProvider());
        await relay.ReportTrafficAsync();

        var (exit, output, _) = await Shell.RunAsync("top", "--model", "mini", "--address", relay.Address.ToString());
        Assert.Equal(0, exit);
        Assert.Equal(["all", "mini", "anthropic/claude"], output.TrimEnd().Split('\n')[3..].Select(line => line.Trim().Split(' ')[0]));

        using var json = JsonDocument.Parse((await Shell.RunAsync("top", "--json", "--model", "mini", "--address", relay.Address.ToString())).Output);
        Assert.Equal("mini", Assert.Single(json.RootElement.GetProperty("models").EnumerateArray()).GetProperty("model").GetString());
        Assert.Equal(3, json.RootElement.GetProperty("total").GetProperty("requests").GetInt64());
    }

    [Fact]
    public async Task UnknownModel_IsToldWithThoseThatThereAre()
    {
        await using var relay = await RunningRelay.StartAsync();
        var (exit, output, errors) = await Shell.RunAsync("top", "--model", "nope", "--address", relay.Address.ToString());
        Assert.Equal((2, "", "relay: There is no model 'nope'. Configured are: chat, mini.\n"), (exit, output, errors));
    }

    [Fact]
    public async Task NameThatWouldSteerTheTerminal_IsPrintedHarmless()
    {
        await using var relay = await RunningRelay.StartAsync(null, new ModelTopology("evil\e[2J\u202e", "priority", ["a/b\a"]));
        var (exit, output, _) = await Shell.RunAsync("top", "--address", relay.Address.ToString());
        Assert.Equal(0, exit);
        Assert.Contains("\nevil?[2J?", output, StringComparison.Ordinal);
        Assert.DoesNotContain(output, c => char.IsControl(c) && c != '\n');
    }

    [Theory]
    [InlineData()]
    [InlineData("--json")]
    [InlineData("--json", "--interval", "1s")]
    public async Task NothingThere_SaysSoAndExitsWith3(params string[] options)
    {
        var (address, held) = Shell.Nowhere();
        using (held)
        {
            var terminal = new FakeTerminal();
            var (exit, output, errors) = await Shell.RunAsync(terminal, [.. options.Prepend("top"), "--address", address]);
            Assert.Equal((3, "", 0), (exit, output, terminal.Entered));
            Assert.StartsWith($"relay: Relay's API does not answer on {address}: is it running?", errors, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("There is no option '--windw'. Did you mean '--window'? See 'relay top --help'.", "top", "--windw", "1m")]
    [InlineData("There is no option '--jsn'. Did you mean '--json'? See 'relay status --help'.", "status", "--jsn")]
    [InlineData("There is no option '--yaml'. See 'relay status --help'.", "status", "--yaml")]
    [InlineData("there is no command 'tpo'. Did you mean 'top'? See 'relay --help'.", "tpo")]
    [InlineData("--window is '2m'; it must be one of 1m, 5m, 1h, 24h. See 'relay top --help'.", "top", "--window", "2m")]
    [InlineData("--sort is 'speed'; it must be one of requests, success, latency, p95, ttft, tps, cost, errors, name.", "top", "--sort", "speed")]
    [InlineData("--interval is '90ms'; it must be a number with ms, s or m, from 100ms to 1m.", "top", "--interval", "90ms")]
    [InlineData("--interval is '61s'; it must be", "top", "--interval", "61s")]
    [InlineData("--interval is '-1s'; it must be", "top", "--interval=-1s")]
    [InlineData("--interval is 'soon'; it must be", "top", "--interval", "soon")]
    [InlineData("--once and --interval cannot go together.", "top", "--once", "--interval", "1s")]
    [InlineData("--address is 'h:port'; it must be HOST:PORT", "top", "--address", "h:port")]
    [InlineData("'more' is one argument too many. See 'relay status --help'.", "status", "more")]
    public async Task WrongCommandLine_SaysSoAndExitsWith2(string message, params string[] args)
    {
        var (exit, output, errors) = await Shell.RunAsync(args);
        Assert.Equal((2, ""), (exit, output));
        Assert.StartsWith($"relay: {message}", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("top", "relay top --json | jq")]
    [InlineData("top", "--window <1m|5m|1h|24h>")]
    [InlineData("top", "Exit code: 0; 2 wrong command line, or no such model; 3 no answer from the server.")]
    [InlineData("status", "3 no answer.")]
    public async Task Help_HasExamplesAndExitCodes(string command, string part)
    {
        var (exit, output, errors) = await Shell.RunAsync(command, "--help");
        Assert.Equal((0, ""), (exit, errors));
        Assert.Contains(part, output, StringComparison.Ordinal);
        Assert.DoesNotContain("_5M", output, StringComparison.Ordinal);
    }

    /// <summary>A reader that leaves after the first line.</summary>
    private sealed class FirstLine : StringWriter
    {
        public string? Line { get; private set; }

        public override Task WriteLineAsync(ReadOnlyMemory<char> buffer, CancellationToken cancellationToken = default)
        {
            if (Line is not null)
            {
                throw new IOException("Broken pipe");
            }

            Line = buffer.ToString();
            return Task.CompletedTask;
        }
    }
}
