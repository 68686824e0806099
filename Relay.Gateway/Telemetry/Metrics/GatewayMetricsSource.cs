using Relay.Core.Breaker;
using Relay.Core.Cost;
using Relay.Core.Errors;
using Relay.Gateway.Admission;
using Relay.Gateway.Config;
using Relay.Gateway.Routing;
using Relay.ServiceDefaults.Metrics;

namespace Relay.Gateway.Telemetry.Metrics;

/// <summary>Writes the gateway's families; docs/metrics.md describes each, and a test holds the two together.</summary>
internal sealed class GatewayMetricsSource(
    GatewayMetrics metrics, RoutingState routing, AdmissionGate gate, ConnectionLimit connections, ConfigReloader config, TimeProvider time) : IMetricsSource
{
    private const string Counter = "counter";
    private const string Gauge = "gauge";

    /// <inheritdoc/>
    public void Write(MetricsText text)
    {
        var pairs = metrics.Requests.OrderBy(c => c.Model, StringComparer.Ordinal).ThenBy(c => c.Target, StringComparer.Ordinal).ToArray();
        WriteRequests(text, pairs);
        WriteHistograms(text, pairs);
        WriteAttempts(text);
        WriteTargets(text);
        CredentialMetrics.Write(text, routing.Current.Clients.Values, Monotonic.Now(time));
        WriteProcess(text);
        WriteConfig(text);
    }

    private static void WriteRequests(MetricsText text, RequestCells[] pairs)
    {
        text.Family("llm_requests_total", Counter, "Client requests by final target and HTTP status.");
        foreach (var c in pairs)
        {
            for (var e = 0; e < RequestCells.Endpoints.Length; e++)
            {
                for (var s = 0; s < RequestCells.Statuses.Length; s++)
                {
                    if (c.Requests(e, s) is > 0 and var count)
                    {
                        text.Sample(count, "model", c.Model, "target", c.Target, "endpoint", RequestCells.Endpoints[e], "status", RequestCells.Statuses[s]);
                    }
                }
            }
        }

        text.Family("llm_errors_total", Counter, "Client requests that ended in an error, by kind.");
        foreach (var c in pairs)
        {
            foreach (var row in ErrorTable.All)
            {
                if (c.Errors(row.Kind) is > 0 and var count)
                {
                    text.Sample(count, "model", c.Model, "target", c.Target, "error_type", row.Label);
                }
            }
        }

        text.Family("llm_tokens_consumed_total", Counter, "Tokens of answers, by category.");
        foreach (var c in pairs)
        {
            foreach (var category in TokenCategories.All)
            {
                if (c.Tokens(category) is > 0 and var count)
                {
                    text.Sample(count, "model", c.Model, "target", c.Target, "type", category.Label());
                }
            }
        }

        text.Family("llm_request_cost_usd_total", Counter, "Cost of answers in USD, where a price is known.");
        foreach (var c in pairs)
        {
            text.Sample(c.CostNanoUsd / 1e9, "model", c.Model, "target", c.Target);
        }
    }

    private void WriteHistograms(MetricsText text, RequestCells[] pairs)
    {
        Write("llm_request_duration_seconds", "Client requests from arrival to the last byte.", static c => c.Duration);
        Write("llm_time_to_first_token_seconds", "Streams from arrival to the first generated token.", static c => c.FirstToken);
        Write("llm_inter_token_seconds", "Time between two tokens of a stream.", static c => c.InterToken);
        Write("llm_tokens_per_second", "Output tokens per second of a stream, after its first token.", static c => c.TokensPerSecond);
        text.Family("relay_overhead_seconds", "histogram", "What Relay itself added to a request, waiting for clients and providers left out.");
        metrics.Overhead.Write(text);

        void Write(string name, string help, Func<RequestCells, MetricHistogram> of)
        {
            text.Family(name, "histogram", help);
            foreach (var c in pairs)
            {
                if (of(c) is { IsUsed: true } histogram)
                {
                    histogram.Write(text, "model", c.Model, "target", c.Target);
                }
            }
        }
    }

    private void WriteAttempts(MetricsText text)
    {
        var targets = metrics.Attempts.OrderBy(c => c.Target, StringComparer.Ordinal).ToArray();
        text.Family("relay_attempts_total", Counter, "Attempts by outcome; outcome none is an answer.");
        foreach (var c in targets)
        {
            foreach (var row in ErrorTable.All)
            {
                if (c.Outcomes(row.Kind) is > 0 and var count)
                {
                    text.Sample(count, "target", c.Target, "outcome", row.Kind == ErrorKind.None ? "ok" : row.Label);
                }
            }
        }

        text.Family("relay_retries_total", Counter, "Attempts that repeated one at the same target.");
        foreach (var c in targets)
        {
            text.Sample(c.Retries, "target", c.Target);
        }

        text.Family("relay_malformed_events_total", Counter, "Stream events that could not be read and were skipped.");
        foreach (var c in targets)
        {
            text.Sample(c.MalformedEvents, "target", c.Target);
        }

        text.Family("relay_slow_attempts_total", Counter, "Attempts that were slower than their target usually is, or than they may be.");
        foreach (var c in targets)
        {
            text.Sample(c.Slow, "target", c.Target);
        }

        text.Family("relay_standby_probes_total", Counter, "Standby probes of targets without traffic, by outcome; they are no attempts.");
        foreach (var c in targets)
        {
            foreach (var row in ErrorTable.All)
            {
                if (c.Standby(row.Kind) is > 0 and var count)
                {
                    text.Sample(count, "target", c.Target, "outcome", row.Kind == ErrorKind.None ? "ok" : row.Label);
                }
            }
        }

        text.Family("relay_failovers_total", Counter, "Requests answered by another target than the first one tried.");
        text.Sample(metrics.Failovers);
        text.Family("relay_rescues_total", Counter, "Streams that broke after their first token and that another target was asked to continue.");
        text.Sample(metrics.Rescued, "result", "rescued");
        text.Sample(metrics.NotRescued, "result", "failed");
        text.Family("relay_stories_dropped_total", Counter, "Failovers and rescues that were too many at once to be told one by one; they are counted.");
        text.Sample(metrics.DroppedStories);
        text.Family("relay_wasted_tokens_total", Counter, "Tokens of attempts of which no client got anything; in no other family.");
        foreach (var c in targets)
        {
            text.Sample(c.WastedTokens, "target", c.Target);
        }

        text.Family("relay_wasted_cost_usd_total", Counter, "Cost in USD of attempts of which no client got anything; in no other family.");
        foreach (var c in targets)
        {
            text.Sample(c.WastedNanoUsd / 1e9, "target", c.Target);
        }
    }

    private void WriteTargets(MetricsText text)
    {
        var table = routing.Current;
        text.Family("llm_active_requests", Gauge, "Client requests under way.");
        foreach (var model in table.Models.Values.OrderBy(m => m.Name, StringComparer.Ordinal))
        {
            text.Sample(model.Meter.Active, "model", model.Name);
        }

        var states = table.States.Values.OrderBy(s => s.Name, StringComparer.Ordinal).Select(s => (s.Name, Breaker: s.ReportBreaker())).ToArray();
        text.Family("relay_breaker_state", Gauge, "Circuit breaker: 0 closed, 1 ramping, 2 half-open, 3 open.");
        foreach (var (name, breaker) in states)
        {
            text.Sample((int)breaker.State, "target", name);
        }

        text.Family("relay_breaker_reason", Gauge, "1 for the reason why the circuit breaker is in its state.");
        foreach (var (name, breaker) in states)
        {
            text.Sample(1, "target", name, "reason", breaker.Reason.Label());
        }

        WriteLimits(text, table);
        text.Family("relay_breaker_opened_total", Counter, "How often the circuit breaker opened.");
        foreach (var (name, breaker) in states)
        {
            text.Sample(breaker.Opened, "target", name);
        }
    }

    private static void WriteLimits(MetricsText text, RoutingTable table)
    {
        var states = table.States.Values.OrderBy(s => s.Name, StringComparer.Ordinal).ToArray();
        text.Family("relay_ratelimit_remaining", Gauge, "What a provider's last answer told to be left of its rate limits.");
        foreach (var state in states)
        {
            if (state.Limits.Requests is >= 0 and var requests)
            {
                text.Sample(requests, "target", state.Name, "type", "requests");
            }

            if (state.Limits.Tokens is >= 0 and var tokens)
            {
                text.Sample(tokens, "target", state.Name, "type", "tokens");
            }
        }

        text.Family("relay_ratelimit_reached_total", Counter, "How often a target was put behind others because its provider told that a rate limit was all but reached.");
        foreach (var state in states)
        {
            text.Sample(state.Limits.Reached, "target", state.Name);
        }
    }

    private void WriteProcess(MetricsText text)
    {
        text.Family("relay_rejected_requests_total", Counter, "Requests turned away before routing, by kind; they are in no other family.");
        foreach (var row in ErrorTable.All)
        {
            if (metrics.Rejected(row.Kind) is > 0 and var count)
            {
                text.Sample(count, "error_type", row.Label);
            }
        }

        text.Family("relay_auth_failures_total", Counter, "Requests without a key that Relay knows.");
        text.Sample(metrics.Rejected(ErrorKind.Authentication));
        text.Family("relay_concurrent_requests", Gauge, "Requests inside the gateway; limits.maxConcurrentRequests caps them.");
        text.Sample(gate.Inside);
        text.Family("relay_connections", Gauge, "Open connections of clients; limits.maxConcurrentRequests and 1,000 more cap them.");
        text.Sample(connections.Open);
        text.Family("relay_connections_refused_total", Counter, "Connections that were over the limit and closed at once.");
        text.Sample(connections.Refused);
    }

    private void WriteConfig(MetricsText text)
    {
        var status = config.Status;
        text.Family("relay_config_reloads_total", Counter, "Edits of the configuration by what came of them.");
        text.Sample(status.Applied, "result", "applied");
        text.Sample(status.Rejected, "result", "rejected");
        text.Family("relay_config_info", Gauge, "1 for the version of the configuration in force.");
        text.Sample(1, "version", status.Version);
    }
}
