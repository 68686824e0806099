using Microsoft.Extensions.Logging;
using Relay.Core.Attempts;
using Relay.Core.Breaker;
using Relay.Core.Cost;
using Relay.Core.Errors;
using Relay.Gateway.Errors;
using Relay.Gateway.Fit;
using Relay.Gateway.Recording;
using Relay.Gateway.Rescue;
using Relay.Gateway.Routing;
using Relay.Gateway.Telemetry;

namespace Relay.Gateway.Attempts;

/// <summary>
/// Tries the targets of a model until one answers.
/// <code><![CDATA[
///   plan --> 1 enter breaker --> 2 attempt --> 3 answered? ----------------------------> done
///              | refused            ^              | no, nothing sent   | no, part sent
///              v                    +-- 4 retry ---+                    v
///            next target <--------------- 5 fail over <----------- 6 rescue? ---------> broken
///              | none left                  (the next target goes on)                   (told in band)
///              v
///            7 the least bad of the refused, once --> 8 the most useful error
/// ]]></code>
/// </summary>
internal sealed class AttemptLoop(AttemptRunner runner, TimeProvider time, Sampler sampler, ILogger<AttemptLoop> log)
{
    /// <summary>Runs a request to its end; never throws for anything that a provider or client does.</summary>
    public async ValueTask<LoopResult> RunAsync(RelayRequest request)
    {
        var route = request.Route;
        var order = new byte[route.Targets.Length];
        var available = route.Plan(Monotonic.Now(time), sampler.Next(), request.AffinityHash, order);
        var count = TargetFit.Keep(request, order, ref available);
        request.PassedOver = route.TellPassedOver(order.AsSpan(available, count - available));
        var outcome = default(LoopOutcome);
        UpstreamTarget? refused = null;
        var refusedUntil = TimeSpan.MaxValue;

        for (var i = 0; i < count; i++)
        {
            // 1
            var target = route.Targets[order[i]];
            var anotherAvailable = i + 1 < available;
            var entry = target.State.TryEnter(Monotonic.Now(time), LeaseFor(request, target, anotherAvailable));
            if (!entry.Allowed)
            {
                (refused, refusedUntil) = refused is null || entry.RetryAt < refusedUntil ? (target, entry.RetryAt) : (refused, refusedUntil);
                continue;
            }

            var visit = new Visit(target, entry.Lease, anotherAvailable, AnotherTarget: i + 1 < count || refused is not null, MayRetry: true);
            var (result, step) = await VisitAsync(request, visit);
            if (IsLast(request, target, result, step, ref outcome))
            {
                return outcome.End(target, result);
            }
        }

        // 7, 8
        return refused is null ? outcome.End() : await TryLeastBadAsync(request, refused, outcome);
    }

    private async ValueTask<LoopResult> TryLeastBadAsync(RelayRequest request, UpstreamTarget target, LoopOutcome outcome)
    {
        var now = Monotonic.Now(time);
        var until = target.State.NotBefore;
        var wait = until > now ? until - now : TimeSpan.Zero;
        var worthIt = wait > TimeSpan.Zero && wait <= request.Route.Options.Retry.RetryAfterWaitMax && wait < request.TimeLeft(now);
        if (worthIt && !await WaitAsync(request, wait))
        {
            return outcome.End(target, AttemptResult.Fail(ClientLeft(request)));
        }

        var visit = new Visit(target, default, AnotherAvailable: false, AnotherTarget: false, MayRetry: false);
        var (result, step) = await VisitAsync(request, visit);
        return IsLast(request, target, result, step, ref outcome) ? outcome.End(target, result) : outcome.End();
    }

    /// <summary>True when nothing may follow this attempt; otherwise the next target is tried, or goes on with the stream.</summary>
    private bool IsLast(RelayRequest request, UpstreamTarget target, AttemptResult result, NextStep step, ref LoopOutcome outcome)
    {
        if (result.End == AttemptEnd.Answered)
        {
            return true;
        }

        if (result.End == AttemptEnd.Broken)
        {
            // 6
            var now = Monotonic.Now(time);
            if (!RescueRule.MayRescue(request, result, now))
            {
                return true;
            }

            request.Sent!.Break(target.Name, result.Kind, now - request.Started);
            outcome.Broke(target, result);
            return false;
        }

        // What a target says to a request that is not quite the client's own is not for the client, nor does it end the rescue.
        outcome.Failed(result.Error!);
        return request.IsRescue ? result.Kind is ErrorKind.ClientClosed or ErrorKind.ClientDeadline : step == NextStep.Stop;
    }

    /// <summary>All attempts of a request at one target; the target hears one verdict in the end.</summary>
    private async ValueTask<(AttemptResult Result, NextStep Step)> VisitAsync(RelayRequest request, Visit visit)
    {
        var state = visit.Target.State;
        state.CountRequest(Monotonic.Now(time));
        for (var attempts = 1; ; attempts++)
        {
            // 2
            var result = await AttemptAsync(request, visit, isRetry: attempts > 1);
            if (result.End != AttemptEnd.Failed)
            {
                // 3
                state.Record(VerdictOf(request, result), visit.Lease);
                return (result, NextStep.Stop);
            }

            if (RescueRule.LearnedFrom(request, visit.Target, result))
            {
                continue;
            }

            if (CredentialRule.MaySwitch(request, visit, result, Monotonic.Now(time)))
            {
                visit = visit with { Switches = visit.Switches + 1 };
                continue;
            }

            // 4, 5
            var verdict = VerdictOf(request, result);
            var decision = Decide(request, visit, attempts - visit.Switches, result);
            if (decision.Step == NextStep.Retry)
            {
                if (await WaitAsync(request, decision.Wait))
                {
                    continue;
                }

                result = AttemptResult.Fail(ClientLeft(request), result.Status);
                decision = new(NextStep.Stop, TimeSpan.Zero);
            }

            state.Record(verdict, visit.Lease);
            return (result, decision.Step);
        }
    }

    private AttemptDecision Decide(RelayRequest request, in Visit visit, int attempts, AttemptResult result)
    {
        // A name that the client made up for a wildcard is unknown to one provider only.
        if (result.NotSent || result.Kind == ErrorKind.UnknownModel)
        {
            return new(visit.AnotherTarget ? NextStep.FailOver : NextStep.Stop, TimeSpan.Zero);
        }

        var error = result.Error!;
        var options = request.Route.Options.Retry;
        var state = visit.Target.State;
        var now = Monotonic.Now(time);
        var retryAfter = CredentialRule.RetryAfter(visit, error, now);
        var alone = AttemptPolicy.LeaveAlone(error.Kind, retryAfter, options);
        if (alone > TimeSpan.Zero)
        {
            state.LeaveAlone(now, alone);
        }

        var budget = visit.MayRetry && !request.NoRetry && error.Row.RetrySameTarget && attempts <= options.MaxPerTarget && state.TryTakeRetry(options, now);
        var history = new AttemptHistory(
            error.Kind, retryAfter, attempts, visit.Lease.IsHeld, visit.AnotherTarget, budget, request.TimeLeft(now));
        var decision = AttemptPolicy.Decide(history, options, sampler.Next());
        if (budget && decision.Step != NextStep.Retry)
        {
            state.ReturnRetry(now);
        }

        return decision;
    }

    private async ValueTask<AttemptResult> AttemptAsync(RelayRequest request, Visit visit, bool isRetry)
    {
        var target = visit.Target;
        var started = Monotonic.Now(time);
        target.State.Meter.Enter();
        request.Spans?.StartAttempt(target);
        AttemptResult result;
        try
        {
            result = await runner.RunAsync(request, visit);
        }
        finally
        {
            target.State.Meter.Leave();
        }

        var latency = Monotonic.Now(time) - started;
        result.Elapsed = latency;
        var isSlow = request.Speed.End(request, result, started + latency);
        if (result.NotSent)
        {
            request.Spans?.DropAttempt();
            return result;
        }

        var cost = result.Usage is { } usage ? target.Price?.Cost(usage) : (NanoUsd?)null;
        request.Attempts.Add(new AttemptRecord(
            target.Name, result.Kind, isSlow ? Verdict.Failure : VerdictOf(request, result), result.Status, isRetry, request.Scan.Stream, latency, result.FirstToken, result.Usage, cost, result.MalformedEvents)
        {
            Billed = result is { End: not AttemptEnd.Failed, IsDiverged: false },
            IsRescue = request.IsRescue,
            Credential = result.Credential.Name,
            IsSlow = isSlow,
            StartedAfter = started - request.Started,
        });
        request.Spans?.EndAttempt(request.Attempts[^1]);
        if (result.End != AttemptEnd.Answered)
        {
            Log.AttemptFailed(log, request.Id, request.Route.Name, target.Name, result.Kind.Label(), latency.TotalMilliseconds);
        }

        return result;
    }

    /// <summary>A client that left tells nothing about the target, unless it had waited too long for its first token.</summary>
    private static Verdict VerdictOf(RelayRequest request, AttemptResult result)
    {
        if (result.IsDiverged || result.IsOnlyCredential)
        {
            return Verdict.Neutral;
        }

        if (result.Kind is ErrorKind.ClientClosed or ErrorKind.ClientDeadline && result.FirstToken is null && request.Scan.Stream)
        {
            return result.Elapsed > request.Route.Options.Timeouts.SlowAfter && result.Status is 0 or 200 ? Verdict.Failure : Verdict.Neutral;
        }

        return ErrorTable.Of(result.Kind).Verdict;
    }

    private async ValueTask<bool> WaitAsync(RelayRequest request, TimeSpan wait)
    {
        if (wait <= TimeSpan.Zero)
        {
            return !request.ClientGone.IsCancellationRequested;
        }

        request.Waited += wait;
        try
        {
            await Task.Delay(wait, time, request.ClientGone);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>A probe's lease lives as long as its attempt may.</summary>
    private TimeSpan LeaseFor(RelayRequest request, UpstreamTarget target, bool anotherAvailable)
    {
        var timeouts = request.Route.Options.Timeouts;
        var left = request.TimeLeft(Monotonic.Now(time));
        var answer = request.Scan.Stream
            ? timeouts.FirstTokenLimit(anotherAvailable, target.Options.Reasoning || request.Scan.Reasons)
            : anotherAvailable ? timeouts.Attempt : timeouts.Total;
        var own = timeouts.PoolWait + timeouts.Connect + timeouts.RequestWrite + answer;
        return own < left ? own : left;
    }

    private static RelayError ClientLeft(RelayRequest request) =>
        new(ErrorKind.ClientClosed, $"The client closed request {request.Id}.");
}

/// <summary>One request's stay at one target.</summary>
/// <param name="Target">The target.</param>
/// <param name="Lease">Held when the request is the probe of its half-open breaker.</param>
/// <param name="AnotherAvailable">Another target that takes requests remains untried: the shorter limits hold.</param>
/// <param name="AnotherTarget">Another target remains untried at all.</param>
/// <param name="MayRetry">False for the last resort: one attempt only.</param>
/// <param name="Switches">How often it has gone on with another credential of the same provider.</param>
internal readonly record struct Visit(UpstreamTarget Target, ProbeLease Lease, bool AnotherAvailable, bool AnotherTarget, bool MayRetry, int Switches = 0);
