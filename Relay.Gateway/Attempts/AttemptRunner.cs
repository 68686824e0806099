using System.Net.Http.Headers;
using Relay.Core.Credentials;
using Relay.Core.Errors;
using Relay.Gateway.Errors;
using Relay.Gateway.Routing;
using Relay.Gateway.Streaming;
using Relay.Gateway.Telemetry.Metrics;
using Relay.Gateway.Telemetry.Tracing;
using Relay.Gateway.Upstream;
using Relay.Gateway.Upstream.Credentials;

namespace Relay.Gateway.Attempts;

/// <summary>One attempt: sends the request, judges the answer's head, and hands its body to the plain or the streaming reader.</summary>
internal class AttemptRunner(TimeProvider time, GatewayMetrics metrics)
{
    /// <summary>The most of an error body that is read: 64 KiB.</summary>
    private const int MaxErrorBytes = 64 * 1024;

    /// <summary>Runs it with one of the provider's credentials; every fault of provider, network and client comes back as a result.</summary>
    public virtual async ValueTask<AttemptResult> RunAsync(RelayRequest request, Visit visit)
    {
        var started = Monotonic.Now(time);
        var timeouts = request.Route.Options.Timeouts;
        var credential = CredentialRule.Take(request, visit, started);
        request.Speed.Start(request, visit, started);
        using var clock = new AttemptClock(time, request.TotalAt, request.ClientDeadlineAt, request.ClientGone);
        HttpResponseMessage? response = null;
        AttemptResult? result = null;
        try
        {
            clock.Enter(Phase.PoolWait, timeouts.PoolWait);
            using var message = CreateMessage(request, visit, credential, clock, out var unsaid);
            if (message is null || unsaid is not null)
            {
                result = new() { End = AttemptEnd.Failed, Error = unsaid, NotSent = true };
            }
            else
            {
                response = await visit.Target.Client.SendAsync(message, clock.Token);
                var answered = Monotonic.Now(time);
                request.Waited += answered - started;
                var told = visit.Target.SeeLimits(response, credential, started, answered, time.GetUtcNow());
                result = response.IsSuccessStatusCode
                    ? await ReadAsync(request, visit, response, credential, clock, started)
                    : await ReadErrorAsync(response, visit.Target, UpstreamBody.PassesThrough(request, visit.Target), told, clock);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            if (response is null)
            {
                request.Waited += Monotonic.Now(time) - started;
            }

            result = AttemptResult.Fail(UpstreamFault.From(e, clock, visit.Target.Name, response is not null), (int?)response?.StatusCode ?? 0);
        }
        finally
        {
            if (result?.Plain is null)
            {
                response?.Dispose();
            }
        }

        CredentialRule.Record(credential, result);
        return result;
    }

    private ValueTask<AttemptResult> ReadAsync(RelayRequest request, Visit visit, HttpResponseMessage response, in CredentialLease credential, AttemptClock clock, TimeSpan started)
    {
        // A stream may take minutes to end; that the credential is good is known now.
        credential.Record(CredentialOutcome.Accepted);
        request.Answer.PassesThrough = UpstreamBody.PassesThrough(request, visit.Target);
        var context = new AttemptContext(request, visit, response, clock, time, request.Limits, metrics, started);
        if (!request.Scan.Stream)
        {
            return PlainReader.ReadAsync(context);
        }

        if (!request.IsRescue)
        {
            request.Sent?.Restart();
        }

        return new StreamRelay(context).RunAsync();
    }

    private static HttpRequestMessage? CreateMessage(RelayRequest request, Visit visit, in CredentialLease credential, AttemptClock clock, out RelayError? error)
    {
        var timeouts = request.Route.Options.Timeouts;
        var target = visit.Target;
        var (next, limit) = request.Scan.Stream
            ? (Phase.FirstToken, timeouts.FirstTokenLimit(visit.AnotherAvailable, target.Options.Reasoning || request.Scan.Reasons))
            : (Phase.Attempt, visit.AnotherAvailable ? timeouts.Attempt : timeouts.Total);
        if (target.Wire.For(request.Endpoint, request.Scan.Stream) is not { } url)
        {
            error = new(ErrorKind.InvalidRequest, $"{target.Name} has no such endpoint.");
            return null;
        }

        var message = target.Client.CreateRequest(url, credential, new ConnectWatch(clock, timeouts.Connect));
        message.Content = UpstreamBody.Create(request, target, new Timing(clock, timeouts.RequestWrite, next, limit), out error);
        message.Headers.TryAddWithoutValidation("Accept", request.Scan.Stream ? "text/event-stream" : "application/json");
        if (target.Wire.Speaks == Config.Dialect.Anthropic && UpstreamBody.PassesThrough(request, target))
        {
            PassOn(message.Headers, "anthropic-beta", request.AnthropicBeta);
            PassOn(message.Headers, "anthropic-version", request.AnthropicVersion);
        }

        RelayTracing.Inject(message.Headers, request);
        return message;
    }

    private static void PassOn(HttpRequestHeaders headers, string name, string? value)
    {
        if (value is not null)
        {
            headers.Remove(name);
            headers.TryAddWithoutValidation(name, value);
        }
    }

    private async ValueTask<AttemptResult> ReadErrorAsync(HttpResponseMessage response, UpstreamTarget target, bool isClients, LimitsTold told, AttemptClock clock)
    {
        var status = (int)response.StatusCode;
        var body = new byte[MaxErrorBytes];
        var length = 0;
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(clock.Token);
            length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, clock.Token);
        }
        catch (Exception e) when (clock.Cause == StopCause.None && e is HttpRequestException or IOException)
        {
            // The status says enough; what came of the body is used.
        }

        var answer = new ProviderAnswer(status, response.Content.Headers.ContentType?.ToString(), body.AsMemory(0, length));
        var fault = ProviderFault.From(answer, target, isClients);
        return new()
        {
            End = AttemptEnd.Failed,
            Error = fault with { RetryAfter = RetryAfterHeader.Read(response.Headers, time.GetUtcNow()) ?? fault.RetryAfter },
            Status = status,
            LimitReset = told.IsReached ? told.Reset : null,
        };
    }
}
