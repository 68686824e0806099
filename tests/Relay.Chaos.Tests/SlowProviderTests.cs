using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Relay.Chaos.Tests.Kit;

namespace Relay.Chaos.Tests;

/// <summary>Real processes in real time: the primary provider becomes ten times slower under load, without an error, and then as it was.</summary>
public sealed partial class SlowProviderTests
{
    private const string Model = "chat-default";

    [Fact]
    public async Task ProviderTenTimesSlower_TrafficMovesAndReturnsAndNobodySeesAnError()
    {
        var (primaryPort, backupPort) = (RelayedProcess.FreePort(), RelayedProcess.FreePort());
        using var folder = new TemporaryFolder();
        var config = folder.Write("relay.json", Config(primaryPort, backupPort));
        await using var backup = await RelayedProcess.StartProviderAsync("backup", backupPort, firstToken: "lognormal:100,0.3");
        await using var primary = await RelayedProcess.StartProviderAsync("primary", primaryPort, firstToken: "lognormal:100,0.3");
        await using var relay = await RelayedProcess.StartAsync("AppHost.dll", "Ctrl+C stops it.", "--config", config);
        using var control = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{primaryPort}/") };

        List<StreamOutcome> outcomes;
        int movedFrom, movedTo;
        await using (var load = new StreamLoad(new Uri(GatewayUrl().Match(relay.Output).Groups["url"].Value), Model, workers: 8))
        {
            await load.WaitForAsync(80, IsAt("primary"));

            await SetFaultsAsync(control, "slow=10");
            await load.WaitForAsync(10, IsAt("backup"));
            movedFrom = load.Sent;
            await load.WaitForAsync(100, o => o.Number > movedFrom);
            movedTo = load.Sent;

            await SetFaultsAsync(control);
            await load.WaitForAsync(60, o => o.Number > movedTo && o.Target == "primary/gpt-sim");
            outcomes = [.. load.Outcomes];
        }

        Assert.All(outcomes, o => Assert.True(o is { Error: null, Done: true }, $"request {o.Number}: {o.Error}"));
        var moved = outcomes.Where(o => o.Number > movedFrom && o.Number <= movedTo).ToList();
        var away = moved.Count(o => o.Target == "backup/gpt-sim");
        Assert.True(away >= 0.9 * moved.Count, $"{away} of {moved.Count} went to the backup");
    }

    private static Func<StreamOutcome, bool> IsAt(string provider) => o => o.Target == provider + "/gpt-sim";

    private static async Task SetFaultsAsync(HttpClient control, params string[] faults)
    {
        using var answer = await control.PutAsJsonAsync("control/faults", faults.Select(fault => new { model = "*", fault }));
        answer.EnsureSuccessStatusCode();
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
              "breaker": { "openFor": "1s", "openForMax": "2s", "rampFor": "500ms" }
            }
          }
        }
        """;

    [GeneratedRegex(@"base URL\s+(?<url>http://\S+)/v1", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex GatewayUrl();
}
