using Relay.Gateway.Dialects.OpenAi;
using Relay.Gateway.Rescue;
using Relay.Gateway.Streaming;
using Relay.Gateway.Telemetry.Metrics;
using Relay.Gateway.Upstream;

namespace Relay.Gateway.Attempts;

/// <summary>One attempt: sends the request, judges the answer's head, and hands its body to the plain or the streaming reader.</summary>
internal sealed class AttemptRunner(TimeProvider time, GatewayMetrics metrics)
{
    /// <summary>The most of an error body that is read: 64 KiB.</summary>
    private const int MaxErrorBytes = 64 * 1024;

    /// <summary>Runs it; every fault of provider, network and client comes back as a result.</summary>
    public async ValueTask<AttemptResult> RunAsync(RelayRequest request, Visit visit)
    {
        var started = Monotonic.Now(time);
        var timeouts = request.Route.Options.Timeouts;
        using var clock = new AttemptClock(time, request.TotalAt, request.ClientDeadlineAt, request.ClientGone);
        HttpResponseMessage? response = null;
        var keep = false;
        try
        {
            clock.Enter(Phase.PoolWait, timeouts.PoolWait);
            using var message = CreateMessage(request, visit, clock);
            response = await visit.Target.Client.SendAsync(message, clock.Token);
            request.Waited += Monotonic.Now(time) - started;
            var status = (int)response.StatusCode;
            if (status is < 200 or > 299)
            {
                return await ReadErrorAsync(response, status, visit, clock);
            }

            var context = new AttemptContext(request, visit, response, clock, time, request.Limits, metrics, started);
            if (request.Scan.Stream)
            {
                if (!request.IsRescue)
                {
                    request.Sent?.Restart();
                }

                return await new StreamRelay(context).RunAsync();
            }

            var result = await PlainReader.ReadAsync(context);
            keep = result.Plain is not null;
            return result;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            if (response is null)
            {
                request.Waited += Monotonic.Now(time) - started;
            }

            return AttemptResult.Fail(UpstreamFault.From(e, clock, visit.Target.Name, response is not null), (int?)response?.StatusCode ?? 0);
        }
        finally
        {
            if (!keep)
            {
                response?.Dispose();
            }
        }
    }

    private static HttpRequestMessage CreateMessage(RelayRequest request, Visit visit, AttemptClock clock)
    {
        var timeouts = request.Route.Options.Timeouts;
        var target = visit.Target;
        var (next, limit) = request.Scan.Stream
            ? (Phase.FirstToken, timeouts.FirstTokenLimit(visit.AnotherAvailable, target.Options.Reasoning || request.Scan.Reasons))
            : (Phase.Attempt, visit.AnotherAvailable ? timeouts.Attempt : timeouts.Total);
        var message = target.Client.CreateRequest(request.Endpoint == EndpointKind.Embeddings, new ConnectWatch(clock, timeouts.Connect));
        message.Content = request.IsRescue
            ? new WholeContent(RescueBody.Build(request, target), clock, timeouts.RequestWrite, next, limit)
            : new SplicedContent(request.Body, new RequestSplice(request.Body.Memory, request.Scan, target.ModelJson), clock, timeouts.RequestWrite, next, limit);
        message.Headers.TryAddWithoutValidation("Accept", request.Scan.Stream ? "text/event-stream" : "application/json");
        if (request.TraceParent is not null)
        {
            message.Headers.TryAddWithoutValidation("traceparent", request.TraceParent);
        }

        return message;
    }

    private async ValueTask<AttemptResult> ReadErrorAsync(HttpResponseMessage response, int status, Visit visit, AttemptClock clock)
    {
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

        var target = visit.Target.Name;
        var retryAfter = RetryAfterHeader.Read(response.Headers, time.GetUtcNow());
        return AttemptResult.Fail(ProviderFault.From(status, response.Content.Headers.ContentType?.ToString(), body.AsMemory(0, length), target) with { RetryAfter = retryAfter }, status);
    }
}
