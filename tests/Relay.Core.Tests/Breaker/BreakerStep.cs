using FsCheck;
using FsCheck.Fluent;
using Relay.Core.Breaker;

namespace Relay.Core.Tests.Breaker;

/// <summary>One step of a random sequence.</summary>
internal abstract record BreakerStep
{
    /// <summary>A request asks; when it is let in it stays out.</summary>
    internal sealed record Enter(int LeaseMs, double Sample) : BreakerStep;

    /// <summary>A request asks, and when it is let in it is through at once.</summary>
    internal sealed record Serve(Verdict Verdict, double Sample) : BreakerStep;

    /// <summary>A request that is out is through.</summary>
    internal sealed record Settle(int Pick, Verdict Verdict, double Sample) : BreakerStep;

    /// <summary>A probe that was settled before is settled once more.</summary>
    internal sealed record SettleAgain(int Pick, Verdict Verdict, double Sample) : BreakerStep;

    /// <summary>Any probe of the past shows life.</summary>
    internal sealed record Answer(int Pick) : BreakerStep;

    /// <summary>Time passes, or goes back.</summary>
    internal sealed record Wait(int Ms) : BreakerStep;

    /// <summary>Time passes up to the next moment at which something changes by itself, or just before or after it.</summary>
    internal sealed record ToEdge(int OffTicks) : BreakerStep;
}

/// <summary>A whole random sequence; prints itself in full.</summary>
internal sealed record BreakerScript(BreakerOptions Options, IReadOnlyList<BreakerStep> Steps)
{
    /// <summary>The same with fewer steps: without a half, a quarter and so on down to a single one.</summary>
    public IEnumerable<BreakerScript> Shrink()
    {
        for (var length = Steps.Count / 2; length > 0; length /= 2)
        {
            for (var from = 0; from + length <= Steps.Count; from += length)
            {
                yield return this with { Steps = [.. Steps.Take(from), .. Steps.Skip(from + length)] };
            }
        }
    }

    public override string ToString() => $"{Options}\n{string.Join('\n', Steps)}";
}

/// <summary>Random options and sequences.</summary>
internal static class BreakerGen
{
    public static readonly Gen<double> Sample = Gen.Choose(0, 999).Select(n => n / 1000.0);

    /// <summary>Mostly bad, so that breakers trip.</summary>
    public static readonly Gen<Verdict> AnyVerdict = Gen.Frequency(
        (4, Gen.Constant(Verdict.Failure)), (3, Gen.Constant(Verdict.Success)), (2, Gen.Constant(Verdict.Neutral)));

    public static readonly Gen<BreakerOptions> Options =
        from enabled in Gen.Frequency((9, Gen.Constant(value: true)), (1, Gen.Constant(value: false)))
        from row in Gen.Frequency((4, Gen.Choose(1, 5)), (1, Gen.Constant(1000)))
        from minimum in Gen.Choose(1, 12)
        from ratio in Gen.Elements(0.07, 0.25, 0.5, 0.6, 1.0)
        from windowMs in Gen.Elements(1_000, 10_000, 30_000)
        from openMs in Gen.Elements(10, 700, 5_000)
        from openMaxTimes in Gen.Elements(1, 2, 3, 16)
        from jitter in Gen.Elements(0, 0.1, 0.5)
        from rampMs in Gen.Elements(0, 1_000, 5_000)
        from rampAbove in Gen.Elements(0, 1.0, 5.0)
        select new BreakerOptions
        {
            Enabled = enabled,
            ConsecutiveFailures = row,
            MinimumRequests = minimum,
            FailureRatio = ratio,
            Window = TimeSpan.FromMilliseconds(windowMs),
            OpenFor = TimeSpan.FromMilliseconds(openMs),
            OpenForMax = TimeSpan.FromMilliseconds(openMs * openMaxTimes),
            Jitter = jitter,
            RampFor = TimeSpan.FromMilliseconds(rampMs),
            RampAboveRequestsPerSecond = rampAbove,
        };

    public static readonly Gen<BreakerStep> Step = Gen.Frequency(
        (6, from lease in Gen.Elements(0, 50, 5_000, 60_000) from sample in Sample select (BreakerStep)new BreakerStep.Enter(lease, sample)),
        (8, from verdict in AnyVerdict from sample in Sample select (BreakerStep)new BreakerStep.Serve(verdict, sample)),
        (6, from pick in Gen.Choose(0, 999) from verdict in AnyVerdict from sample in Sample select (BreakerStep)new BreakerStep.Settle(pick, verdict, sample)),
        (1, from pick in Gen.Choose(0, 999) from verdict in AnyVerdict from sample in Sample select (BreakerStep)new BreakerStep.SettleAgain(pick, verdict, sample)),
        (3, Gen.Choose(0, 999).Select(pick => (BreakerStep)new BreakerStep.Answer(pick))),
        (3, Gen.Choose(0, 400).Select(ms => (BreakerStep)new BreakerStep.Wait(ms))),
        (1, Gen.Choose(0, 40_000).Select(ms => (BreakerStep)new BreakerStep.Wait(ms))),
        (1, Gen.Choose(-3_000, 0).Select(ms => (BreakerStep)new BreakerStep.Wait(ms))),
        (3, Gen.Choose(-1, 1).Select(off => (BreakerStep)new BreakerStep.ToEdge(off))));

    /// <summary>Options, and a sequence long enough to trip, probe, ramp and trip again.</summary>
    public static readonly Arbitrary<BreakerScript> Scripts = Arb.From(
        from options in Options
        from steps in Step.ListOf(80)
        select new BreakerScript(options, steps),
        script => script.Shrink());
}
