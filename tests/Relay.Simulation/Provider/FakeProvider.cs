using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Relay.Gateway.Upstream;
using Relay.Simulation.Time;

namespace Relay.Simulation.Provider;

/// <summary>Stands where the sockets would: a provider that meets its weather with each request.</summary>
/// <param name="world">The world.</param>
/// <param name="gateway">Whose connections these are.</param>
/// <param name="target">The target.</param>
internal sealed class FakeProvider(World world, int gateway, SimTarget target) : HttpMessageHandler
{
    private static readonly TimeSpan Forever = Timeout.InfiniteTimeSpan;

    private readonly Rng _rng = target.Rng;

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Outside.Run((this, request, cancellationToken), static s => s.Item1.ServeAsync(s.request, s.cancellationToken));

    private async Task<HttpResponseMessage> ServeAsync(HttpRequestMessage message, CancellationToken cancellation)
    {
        var attempt = world.Referee.Attempts(gateway, target, target.Weather.Draw(world.Time.Elapsed));
        try
        {
            await ConnectAsync(attempt.Fault, message, cancellation);
            await ReadAsync(attempt, message, cancellation);
            return await AnswerAsync(attempt, cancellation);
        }
        catch (Exception e)
        {
            world.Referee.Frees(attempt);
            if (e is not (HttpRequestException or OperationCanceledException))
            {
                world.Referee.Fail("Simulation", $"The provider does not understand its request: {e}", attempt.Request.Index);
            }

            throw;
        }
    }

    private async ValueTask ConnectAsync(FaultKind fault, HttpRequestMessage message, CancellationToken cancellation)
    {
        if (fault == FaultKind.PoolFull)
        {
            await WaitAsync(Forever, cancellation);
        }

        if (fault is not (FaultKind.Refused or FaultKind.NeverConnects) && _rng.Chance(0.8))
        {
            return;
        }

        message.Options.TryGetValue(ConnectWatch.Key, out var watch);
        watch!.Connecting();
        await WaitAsync(fault == FaultKind.NeverConnects ? Forever : _rng.Seconds(0, 0.08), cancellation);
        if (fault == FaultKind.Refused)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, "refused", new SocketException((int)SocketError.ConnectionRefused));
        }
    }

    private async ValueTask ReadAsync(UpstreamAttempt attempt, HttpRequestMessage message, CancellationToken cancellation)
    {
        using var body = new MemoryStream();
        if (attempt.Fault == FaultKind.NeverReads)
        {
            await message.Content!.CopyToAsync(new StuckStream(world.Time), cancellation);
        }

        await message.Content!.CopyToAsync(body, cancellation);
        attempt.Asked = Asked.Read(body.GetBuffer().AsMemory(0, (int)body.Length));
        world.Referee.Asks(attempt, attempt.Asked);
    }

    private async ValueTask<HttpResponseMessage> AnswerAsync(UpstreamAttempt attempt, CancellationToken cancellation)
    {
        var asked = attempt.Asked!;
        var wait = _rng.About((asked.Stream ? 0.02 : target.Quirks.FirstToken * (attempt.Fault == FaultKind.Slow ? 10 : 1)) * target.Weather.Pace(attempt.Began));
        await WaitAsync(attempt.Fault == FaultKind.Silent ? Forever : wait, cancellation);
        if (attempt.Fault == FaultKind.Reset)
        {
            throw new HttpRequestException("The connection broke.", new IOException("reset"));
        }

        if (asked.SoFar is not null && !asked.AsksForMore && target.Quirks.Continuing == Continuing.RefusesPrefill && attempt.Fault is FaultKind.None)
        {
            return Respond(attempt, HttpStatusCode.BadRequest, PlainWriter.Error("The last message must be the user's.", "invalid_request_error", null));
        }

        return ErrorOf(attempt) ?? Respond(attempt, HttpStatusCode.OK, new AnswerScript(attempt, _rng, world.Plan.Bug).Write(world.Time), AnswerScript.ContentType(attempt));
    }

    private HttpResponseMessage? ErrorOf(UpstreamAttempt attempt) => attempt.Fault switch
    {
        FaultKind.Error500 => Respond(attempt, HttpStatusCode.InternalServerError, PlainWriter.Error("It broke.", "server_error", null)),
        FaultKind.ErrorWithoutEnd => Respond(attempt, HttpStatusCode.InternalServerError, Unending()),
        FaultKind.Error503 => WithRetryAfter(Respond(attempt, HttpStatusCode.ServiceUnavailable, PlainWriter.Of("busy", TimeSpan.Zero)), _rng.Chance(0.2)),
        FaultKind.RateLimited => Respond(attempt, HttpStatusCode.TooManyRequests, PlainWriter.Error("Slow down.", "requests", "rate_limit_exceeded")),
        FaultKind.RetryAfter => WithRetryAfter(Respond(attempt, HttpStatusCode.TooManyRequests, PlainWriter.Error("Slow down.", "tokens", "rate_limit_exceeded")), true),
        FaultKind.Quota => Respond(attempt, HttpStatusCode.TooManyRequests, PlainWriter.Error("No credit.", "insufficient_quota", "insufficient_quota")),
        FaultKind.Unauthorized => Respond(attempt, HttpStatusCode.Unauthorized, PlainWriter.Error("Who are you?", "invalid_request_error", "invalid_api_key")),
        FaultKind.NotFound => Respond(attempt, HttpStatusCode.NotFound, PlainWriter.Error("No such model.", "invalid_request_error", "model_not_found")),
        FaultKind.ContextLength => Respond(attempt, HttpStatusCode.BadRequest, PlainWriter.Error("Too long.", "invalid_request_error", "context_length_exceeded")),
        FaultKind.ContentPolicy => Respond(attempt, HttpStatusCode.BadRequest, PlainWriter.Error("No.", "invalid_request_error", "content_policy_violation")),
        FaultKind.BadRequest => Respond(attempt, HttpStatusCode.BadRequest, PlainWriter.Error("What?", "invalid_request_error", "bad_field")),
        _ => null,
    };

    private static Script Unending()
    {
        var script = PlainWriter.Error("It broke.", "server_error", null);
        script.Cut(10, Ending.Hangs);
        return script;
    }

    private HttpResponseMessage WithRetryAfter(HttpResponseMessage response, bool asks)
    {
        if (asks)
        {
            var seconds = _rng.Pick(0, 1, 2, 3, 5, 20, 90);
            var (name, value) = _rng.Below(3) switch
            {
                0 => ("retry-after-ms", (seconds * 1000).ToString(CultureInfo.InvariantCulture)),
                1 => ("Retry-After", (world.Time.GetUtcNow() + TimeSpan.FromSeconds(seconds)).ToString("r", CultureInfo.InvariantCulture)),
                _ => ("Retry-After", seconds.ToString(CultureInfo.InvariantCulture)),
            };
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    }

    private HttpResponseMessage Respond(UpstreamAttempt attempt, HttpStatusCode status, Script script, string contentType = "application/json")
    {
        attempt.RefusedPrefill = status == HttpStatusCode.BadRequest && attempt.Asked is { SoFar: not null, AsksForMore: false };
        var body = new ScriptedBody(script, world.Time, _rng.Chance(0.3) ? _rng.Fork((ulong)world.Time.Elapsed.Ticks) : null);
        var content = new ScriptedContent(body, () => world.Referee.Frees(attempt));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        return new HttpResponseMessage(status) { Content = content };
    }

    private ValueTask WaitAsync(TimeSpan delay, CancellationToken cancellation) => Pause.For(world.Time, delay, cancellation);
}
