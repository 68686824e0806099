namespace Relay.Core.Cost;

/// <summary>
/// A running sum of costs that keeps apart what it does not know: how many records had no price, and how many priced ones were
/// estimated. An immutable value; adding gives the new sum. Mergeable in any order when costs are not negative.
/// </summary>
/// <param name="Cost">The sum of all known costs; stops at <see cref="NanoUsd.MaxValue"/>, as statistics must not throw.</param>
/// <param name="Priced">How many records had a cost.</param>
/// <param name="Unpriced">How many records had none; their cost is missing in <paramref name="Cost"/>.</param>
/// <param name="Estimated">How many of the priced records rest on estimated usage.</param>
public readonly record struct CostAccumulator(NanoUsd Cost, long Priced, long Unpriced, long Estimated)
{
    /// <summary>How many records were added.</summary>
    public long Count => Priced + Unpriced;

    /// <summary>Merges two sums.</summary>
    /// <param name="a">A sum.</param>
    /// <param name="b">A sum of other records.</param>
    public static CostAccumulator operator +(CostAccumulator a, CostAccumulator b) =>
        new(AddCosts(a.Cost, b.Cost), a.Priced + b.Priced, a.Unpriced + b.Unpriced, a.Estimated + b.Estimated);

    /// <summary>This sum and one record more.</summary>
    /// <param name="cost">The record's cost, 0 or more; null when it has no price.</param>
    /// <param name="estimated">True when the record's usage was estimated.</param>
    public CostAccumulator Add(NanoUsd? cost, bool estimated) => cost is { } known
        ? this with { Cost = AddCosts(Cost, known), Priced = Priced + 1, Estimated = Estimated + (estimated ? 1 : 0) }
        : this with { Unpriced = Unpriced + 1 };

    private static NanoUsd AddCosts(NanoUsd a, NanoUsd b)
    {
        var sum = (Int128)a.Nanos + b.Nanos;
        return new NanoUsd((long)Int128.Clamp(sum, long.MinValue, long.MaxValue));
    }
}
