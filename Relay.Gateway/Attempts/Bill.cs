using Relay.Core.Cost;
using Relay.Gateway.Recording;

namespace Relay.Gateway.Attempts;

/// <summary>What a request's client is charged with: the attempts that its answer is made of. All others are waste.</summary>
/// <param name="Usage">Their tokens; null when none are known of.</param>
/// <param name="Cost">Their cost; null when there is no usage, or no price for a part of it.</param>
internal readonly record struct Bill(Usage? Usage, NanoUsd? Cost)
{
    /// <summary>Adds up.</summary>
    public static Bill Of(List<AttemptRecord> attempts)
    {
        Usage? usage = null;
        NanoUsd? cost = null;
        var isPriced = true;
        foreach (var attempt in attempts)
        {
            if (!attempt.Billed || attempt.Usage is not { } used)
            {
                continue;
            }

            usage = usage is { } sum ? sum + used : used;
            isPriced &= attempt.Cost is not null;
            cost = cost is { } paid && attempt.Cost is { } more ? paid + more : attempt.Cost;
        }

        return new(usage, isPriced ? cost : null);
    }
}
