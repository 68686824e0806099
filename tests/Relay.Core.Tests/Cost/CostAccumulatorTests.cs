using FsCheck.Fluent;
using Relay.Core.Cost;
using Relay.Core.Tests.Latency;

namespace Relay.Core.Tests.Cost;

public class CostAccumulatorTests
{
    private static readonly FsCheck.Gen<(long? Nanos, bool Estimated)[]> Records =
        (from nanos in Gen.OneOf(Gen.Constant((long?)null), Gen.Choose(0, int.MaxValue).Select(n => (long?)n))
         from estimated in Gen.Elements(true, false)
         select (nanos, estimated)).ArrayOf();

    [Fact]
    public void Sums_and_counts_are_exact_and_unpriced_is_not_zero_cost() =>
        Invariant.Holds(
            Records,
            records =>
            {
                var sum = Accumulate(records);
                Assert.Equal(records.Sum(record => record.Nanos ?? 0), sum.Cost.Nanos);
                Assert.Equal(records.Count(record => record.Nanos is not null), sum.Priced);
                Assert.Equal(records.Count(record => record.Nanos is null), sum.Unpriced);
                Assert.Equal(records.Count(record => record.Nanos is not null && record.Estimated), sum.Estimated);
                Assert.Equal(records.Length, sum.Count);
            });

    [Fact]
    public void Merging_equals_accumulating_in_one_place() =>
        Invariant.Holds(
            Records.Two(),
            two =>
            {
                Assert.Equal(Accumulate([.. two.Item1, .. two.Item2]), Accumulate(two.Item1) + Accumulate(two.Item2));
                Assert.Equal(Accumulate(two.Item2) + Accumulate(two.Item1), Accumulate(two.Item1) + Accumulate(two.Item2));
            });

    [Fact]
    public void A_full_sum_stops_instead_of_throwing()
    {
        var full = default(CostAccumulator).Add(NanoUsd.MaxValue, estimated: false).Add(new NanoUsd(1), estimated: true);
        Assert.Equal(new CostAccumulator(NanoUsd.MaxValue, 2, 0, 1), full);
        Assert.Equal(NanoUsd.MaxValue, (full + full).Cost);
    }

    private static CostAccumulator Accumulate((long? Nanos, bool Estimated)[] records) =>
        records.Aggregate(
            default(CostAccumulator),
            (sum, record) => sum.Add(record.Nanos is { } nanos ? new NanoUsd(nanos) : null, record.Estimated));
}
