using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Core.Breaker;
using Relay.Core.Cost;
using Relay.Core.Errors;
using Relay.Gateway.Admission;
using Relay.Gateway.Config;
using Relay.Gateway.Recording;
using Relay.Gateway.Routing;
using Relay.Gateway.Telemetry.Metrics;
using Relay.Gateway.Tests.Kit;
using Relay.ServiceDefaults.Metrics;

namespace Relay.Gateway.Tests.Limits;

public sealed class ScrapeSizeTests
{
    private static readonly ErrorKind[] Seen = [ErrorKind.None, ErrorKind.RateLimited, ErrorKind.Overloaded, ErrorKind.Malformed];

    [Fact]
    public void TwoHundredUsedTargets_FitInThreeMegabytes_EachFamilyOnce()
    {
        var config = new RigOptions().BuildConfig([.. Enumerable.Range(0, 200).Select(i => new Uri($"http://127.0.0.1:{1000 + i}"))]);
        using var routing = new RoutingState(config, new TableParts(), TimeProvider.System, new Sampler(7), NullLogger<RoutingState>.Instance);
        var metrics = new GatewayMetrics();
        foreach (var target in routing.Current.States.Keys)
        {
            Use(metrics, target);
        }

        var reloader = new ConfigReloader(null, routing, TimeProvider.System, NullLogger<ConfigReloader>.Instance);
        var text = new MetricsText();
        new GatewayMetricsSource(metrics, routing, new AdmissionGate(TimeProvider.System), new ConnectionLimit(routing), reloader, TimeProvider.System).Write(text);

        Assert.InRange(text.Written.Length, 200_000, 3_000_000);
        var lines = Encoding.UTF8.GetString(text.Written.Span).Split('\n');
        var families = lines.Where(l => l.StartsWith("# TYPE ", StringComparison.Ordinal)).ToArray();
        Assert.Equal(families.Distinct(), families);
        Assert.Equal(200, lines.Count(l => l.StartsWith("llm_inter_token_seconds_count{", StringComparison.Ordinal)));
        Assert.Equal(200, lines.Count(l => l.StartsWith("relay_breaker_state{", StringComparison.Ordinal)));
        var samples = lines.Where(l => l.Length > 0 && l[0] != '#').Select(l => l[..l.LastIndexOf(' ')]).ToArray();
        Assert.Equal(samples.Length, samples.Distinct().Count());
    }

    private static void Use(GatewayMetrics metrics, string target)
    {
        var second = TimeSpan.FromSeconds(1);
        var usage = new Usage { InputTokens = 11, OutputTokens = 7 };
        foreach (var error in Seen)
        {
            metrics.Count(new RequestRecord
            {
                RequestId = "r",
                StartedAt = DateTimeOffset.UnixEpoch,
                Model = Rig.Model,
                Endpoint = "chat.completions",
                Streamed = true,
                Error = error,
                HttpStatus = error == ErrorKind.None ? 200 : 503,
                Target = target,
                Attempts = [new(target, error, Verdict.Success, 200, IsRetry: false, Streamed: true, second, second, usage, null, 0)],
                Latency = second,
                FirstToken = second,
                Usage = usage,
            });
        }

        metrics.For(Rig.Model, target).InterToken.Observe(20_000);
        metrics.For(Rig.Model, target).TokensPerSecond.Observe(50);
    }
}
