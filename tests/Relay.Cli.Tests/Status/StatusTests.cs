using System.Net.Sockets;
using System.Text.Json;
using Relay.Cli.Tests.Rig;
using Relay.Core.Breaker;
using Relay.TestKit;

namespace Relay.Cli.Tests.Status;

/// <summary><c>relay status</c> as a shell sees it.</summary>
public sealed class StatusTests
{
    [Fact]
    public async Task AllClosed_IsHealthyAndExitsWith0()
    {
        await using var relay = await RunningRelay.StartAsync(new ManualTimeProvider());
        await relay.ReportBreakersAsync(("openai/gpt-4.1", BreakerState.Closed), ("anthropic/claude", BreakerState.Ramping));

        var (exit, output, errors) = await Shell.RunAsync("status", "--address", relay.Address.ToString());

        Assert.Equal((0, ""), (exit, errors));
        Assert.Equal(
            $"""
            Relay 1.2.3 on {relay.Address} is healthy.

            Last minute    0 requests, none ended, p95 -, 0 active
            Models         chat, mini
            Breakers       all 2 closed
            Gateway        http://127.0.0.1:8080
            Configuration  version 0a1b2c3d4e5f

            """,
            output);
    }

    [Theory]
    [InlineData(BreakerState.Open, "the breaker of openai/gpt-4.1 is open (failures in a row)")]
    [InlineData(BreakerState.HalfOpen, "the breaker of openai/gpt-4.1 is half-open")]
    public async Task ABreakerThatIsNotClosed_IsDegradedAndExitsWith1(BreakerState state, string problem)
    {
        await using var relay = await RunningRelay.StartAsync(new ManualTimeProvider());
        await relay.ReportBreakersAsync(("openai/gpt-4.1", state), ("anthropic/claude", BreakerState.Closed));

        var (exit, output, errors) = await Shell.RunAsync("status", "--address", relay.Address.ToString());

        Assert.Equal((1, ""), (exit, errors));
        Assert.Contains("is degraded.", output, StringComparison.Ordinal);
        Assert.Contains("Breakers       1 of 2 closed", output, StringComparison.Ordinal);
        Assert.Contains(problem, output, StringComparison.Ordinal);
        Assert.DoesNotContain("has no target", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ModelWithoutAClosedTarget_AndGatewaysThatAreSilent_AreNamed()
    {
        await using var relay = await RunningRelay.StartAsync(new ManualTimeProvider());
        await relay.ReportBreakersAsync(("anthropic/claude", BreakerState.Open));

        var (exit, output, _) = await Shell.RunAsync("status", "--address", relay.Address.ToString());

        Assert.Equal(1, exit);
        Assert.Contains("no gateway has reported of openai/gpt-4.1 for 10 s", output, StringComparison.Ordinal);
        Assert.Contains("the model chat has no target with a closed breaker", output, StringComparison.Ordinal);
        Assert.Contains("the model mini has no target with a closed breaker", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_HasTheFieldsOfTheApi()
    {
        await using var relay = await RunningRelay.StartAsync(new ManualTimeProvider());
        await relay.ReportTrafficAsync();

        var (exit, output, errors) = await Shell.RunAsync("status", "--json", "--address", relay.Address.ToString());

        Assert.Equal((1, ""), (exit, errors));
        using var status = JsonDocument.Parse(output);
        var root = status.RootElement;
        Assert.Equal(
            ["status", "address", "problems", "version", "configVersion", "gatewayUrl", "serving", "models", "notClosed", "lastMinute"],
            root.EnumerateObject().Select(field => field.Name));
        Assert.Equal(("degraded", true), (root.GetProperty("status").GetString(), root.GetProperty("serving").GetBoolean()));
        using var http = new HttpClient { BaseAddress = relay.Url };
        using var models = JsonDocument.Parse(await http.GetStringAsync(new Uri("/api/v1/models?window=1m", UriKind.Relative)));
        Assert.Equal([], JsonEquality.Differences(models.RootElement.GetProperty("total"), root.GetProperty("lastMinute")));
        Assert.Equal([], JsonEquality.Differences(
            models.RootElement.GetProperty("models")[0].GetProperty("targets")[0].GetProperty("breaker"), root.GetProperty("notClosed")[0].GetProperty("breaker")));
    }

    [Fact]
    public async Task NothingThere_SaysHowToGoOnAndExitsWith3()
    {
        var (address, held) = Shell.Nowhere();
        using (held)
        {
            var (exit, output, errors) = await Shell.RunAsync("status", "--address", address);
            Assert.Equal((3, ""), (exit, output));
            Assert.StartsWith($"relay: Relay's API does not answer on {address}: is it running?", errors, StringComparison.Ordinal);
            Assert.Contains("--address HOST:PORT", errors, StringComparison.Ordinal);

            var json = await Shell.RunAsync("status", "--json", "--address", address);
            Assert.Equal((3, ""), (json.Exit, json.Errors));
            using var status = JsonDocument.Parse(json.Output);
            Assert.Equal("unreachable", status.RootElement.GetProperty("status").GetString());
        }
    }

    [Fact]
    public async Task ServerThatSaysNothing_IsNotWaitedForLongerThanItsLimit()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();

        var (exit, _, errors) = await Shell.RunAsync("status", "--address", listener.LocalEndpoint.ToString()!);

        Assert.Equal(3, exit);
        Assert.Contains("not within 10 s", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("top", "--once")]
    public async Task PortOfTheHttpApi_IsToldApart(params string[] command)
    {
        await using var relay = await RunningRelay.StartAsync();

        var (exit, _, errors) = await Shell.RunAsync([.. command, "--address", relay.Url.Authority]);

        Assert.Equal(3, exit);
        Assert.Contains("listen.apiGrpc", errors, StringComparison.Ordinal);
    }
}
