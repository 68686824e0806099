using System.Text.RegularExpressions;
using Relay.Chaos.Tests.Kit;
using Relay.Simulator;

namespace Relay.Chaos.Tests;

/// <summary>The story of the README: the primary provider's process is killed under load, and later started again.</summary>
public sealed partial class StoppedProviderTests
{
    private const string Model = "chat-default";

    [Fact]
    public async Task KilledProvider_NoTokenYetNeverSeesAnError_TrafficMovesAndReturns()
    {
        var (primaryPort, backupPort) = (RelayedProcess.FreePort(), RelayedProcess.FreePort());
        using var folder = new TemporaryFolder();
        var config = folder.Write("relay.json", Config(primaryPort, backupPort));
        await using var backup = await RelayedProcess.StartProviderAsync("backup", backupPort);
        var primary = await RelayedProcess.StartProviderAsync("primary", primaryPort);
        await using var relay = await RelayedProcess.StartAsync("AppHost.dll", "Ctrl+C stops it.", "--config", config);
        var gateway = new Uri(GatewayUrl().Match(relay.Output).Groups["url"].Value);

        List<StreamOutcome> outcomes;
        int killedAfter, movedAfter;
        await using (var load = new StreamLoad(gateway, Model, workers: 8))
        {
            await load.WaitForAsync(40);

            await primary.KillAsync();
            killedAfter = load.Sent;
            await load.WaitForAsync(60);
            movedAfter = load.Sent;

            primary = await RelayedProcess.StartProviderAsync("primary", primaryPort);
            await load.WaitForAsync(40, o => o.Number > movedAfter && o.Target == "primary/gpt-sim" && o.Done);
            outcomes = [.. load.Outcomes];
        }

        await primary.DisposeAsync();
        var expected = Answers.Text(1, "question", 40);
        foreach (var outcome in outcomes)
        {
            AssertToldTheTruth(outcome, expected);
        }

        // Only streams that were being answered at the kill may have broken: at most one for each worker.
        Assert.InRange(outcomes.Count(o => o.Error is not null), 0, 8);
        Assert.All(outcomes.Where(o => o.Number > killedAfter), o => Assert.Null(o.Error));
        Assert.All(outcomes.Where(o => o.Number > killedAfter && o.Number <= movedAfter), o => Assert.Equal("backup/gpt-sim", o.Target));
        Assert.Contains(outcomes, o => o.Number <= killedAfter && o.Target == "primary/gpt-sim" && o.Done);
    }

    /// <summary>Whole and ended well, or begun and told to be broken; nothing in between.</summary>
    private static void AssertToldTheTruth(StreamOutcome outcome, string expected)
    {
        if (outcome.Error is null)
        {
            Assert.True(outcome.Done, $"request {outcome.Number} ended without [DONE] and without an error");
            Assert.Equal(expected, outcome.Text);
            return;
        }

        Assert.True(outcome.HadToken, $"request {outcome.Number} had no token yet and saw the error {outcome.Error}");
        Assert.False(outcome.Done);
        Assert.Contains(outcome.Error, new[] { "connection_reset", "truncated" });
        Assert.StartsWith(outcome.Text, expected, StringComparison.Ordinal);
    }

    private static string Config(int primary, int backup) => $$"""
        {
          "listen": { "gateway": "127.0.0.1:0", "grpc": "127.0.0.1:0", "api": "127.0.0.1:0", "apiGrpc": "127.0.0.1:0" },
          "providers": {
            "primary": { "baseUrl": "http://127.0.0.1:{{primary}}/v1" },
            "backup": { "baseUrl": "http://127.0.0.1:{{backup}}/v1" }
          },
          "models": {
            "{{Model}}": {
              "targets": ["primary/gpt-sim", "backup/gpt-sim"],
              "breaker": { "openFor": "500ms", "openForMax": "1s", "rampFor": "500ms" }
            }
          }
        }
        """;

    [GeneratedRegex(@"base URL\s+(?<url>http://\S+)/v1", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex GatewayUrl();
}
