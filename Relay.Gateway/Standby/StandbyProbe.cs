using System.Runtime.InteropServices;
using Relay.Core.Breaker;
using Relay.Core.Errors;
using Relay.Gateway.Attempts;
using Relay.Gateway.Config;
using Relay.Gateway.Dialects;
using Relay.Gateway.Dialects.OpenAi;
using Relay.Gateway.Routing;
using Relay.Gateway.Upstream;

namespace Relay.Gateway.Standby;

/// <summary>Asks one target once whether it is there. Nothing of it is a client's request: no record, no key, no figure of any request or attempt.</summary>
internal sealed class StandbyProbe(AttemptRunner runner, TimeProvider time)
{
    private static readonly byte[] Ping = """{"model":"m","messages":[{"role":"user","content":"ping"}],"max_tokens":1}"""u8.ToArray();

    /// <summary>What reasons needs room for it, and its models refuse the older field.</summary>
    private static readonly byte[] ReasoningPing = """{"model":"m","messages":[{"role":"user","content":"ping"}],"max_completion_tokens":16}"""u8.ToArray();

    /// <summary>How long it may take: as long as a first token may while another target is there.</summary>
    public static TimeSpan Limit(ModelRoute route, UpstreamTarget target) =>
        route.Options.Timeouts.FirstTokenLimit(anotherTarget: true, target.Options.Reasoning);

    /// <summary>Asks.</summary>
    /// <param name="route">A model that uses the target.</param>
    /// <param name="target">The target.</param>
    /// <param name="limits">Sizes.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>What went wrong, or None, and what the provider asked for.</returns>
    public Task<StandbyOutcome> AskAsync(ModelRoute route, UpstreamTarget target, LimitOptions limits, CancellationToken stop) =>
        target.Options.StandbyProbe!.Kind == StandbyKind.Chat ? ChatAsync(route, target, limits, stop) : ModelsAsync(route, target, stop);

    private async Task<StandbyOutcome> ChatAsync(ModelRoute route, UpstreamTarget target, LimitOptions limits, CancellationToken stop)
    {
        var now = Monotonic.Now(time);
        var bytes = target.Options.Reasoning ? ReasoningPing : Ping;
        using var body = new PooledBody(BodyArrays.Rent(bytes.Length), bytes.Length);
        bytes.CopyTo(MemoryMarshal.AsMemory(body.Memory));
        var request = new RelayRequest
        {
            Id = "standby",
            Endpoint = EndpointKind.Chat,
            StartedAt = time.GetUtcNow(),
            Started = now,
            Scan = RequestScanner.ScanChat(bytes, out _)!,
            Body = body,
            Dropped = new DroppedFields(),
            Route = route,
            Limits = limits,
            Answer = new NobodysAnswer(stop),
            Time = time,
            TotalAt = now + Limit(route, target),
            ClientDeadlineAt = TimeSpan.MaxValue,
        };
        try
        {
            var result = await runner.RunAsync(request, new Visit(target, default, AnotherAvailable: true, AnotherTarget: false, MayRetry: false));
            result.Plain?.Dispose();
            return new(result.Kind, result.IsOnlyCredential ? Verdict.Neutral : ErrorTable.Of(result.Kind).Verdict, result.Error?.RetryAfter);
        }
        finally
        {
            // A word is no measure of how fast the target is with real requests.
            request.Speed.Abandon(Monotonic.Now(time));
        }
    }

    private async Task<StandbyOutcome> ModelsAsync(ModelRoute route, UpstreamTarget target, CancellationToken stop)
    {
        var timeouts = route.Options.Timeouts;
        using var clock = new AttemptClock(time, Monotonic.Now(time) + Limit(route, target), TimeSpan.MaxValue, stop);
        try
        {
            clock.Enter(Phase.PoolWait, timeouts.PoolWait);
            var credential = target.Client.Credentials.Take(Monotonic.Now(time), mayProbe: false, leaseFor: TimeSpan.Zero);
            using var message = target.Client.CreateRead(target.Wire.Models, credential, new ConnectWatch(clock, timeouts.Connect));
            using var answer = await target.Client.SendAsync(message, clock.Token);
            var status = (int)answer.StatusCode;
            if (status is >= 200 and <= 299)
            {
                return new(ErrorKind.None, Verdict.Success, null);
            }

            var kind = ProviderFault.From(new(status, ContentType: null, default), target, isClients: false).Kind;

            // Not every server that answers chats has this list.
            var retryAfter = RetryAfterHeader.Read(answer.Headers, time.GetUtcNow());
            var verdict = status is 404 or 405 or 501 || CredentialRule.RecordRefusal(credential, kind, status, retryAfter) ? Verdict.Neutral : ErrorTable.Of(kind).Verdict;
            return new(kind, verdict, retryAfter);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            var kind = UpstreamFault.From(e, clock, target.Name, inBody: false).Kind;
            return new(kind, ErrorTable.Of(kind).Verdict, null);
        }
    }
}

/// <summary>What came of a probe.</summary>
/// <param name="Kind">What went wrong; None when the target answered.</param>
/// <param name="Verdict">What that says about it.</param>
/// <param name="RetryAfter">What the provider asked for, or null.</param>
internal readonly record struct StandbyOutcome(ErrorKind Kind, Verdict Verdict, TimeSpan? RetryAfter);
