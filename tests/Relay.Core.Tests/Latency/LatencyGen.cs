using FsCheck;
using FsCheck.Fluent;
using Relay.Core.Latency;

namespace Relay.Core.Tests.Latency;

/// <summary>Random latencies, spread over every order of magnitude, with the edges often.</summary>
internal static class LatencyGen
{
    public static readonly Gen<long> InRange = Gen.Frequency(
        (8, from bits in Gen.Choose(0, 31)
            from fraction in Gen.Choose(0, int.MaxValue)
            select Math.Clamp((1L << bits) + (long)((1L << bits) * (fraction / (double)int.MaxValue)), BucketMapping.MinMicros, BucketMapping.MaxMicros)),
        (1, from bits in Gen.Choose(0, 31)
            from off in Gen.Choose(-1, 1)
            select Math.Clamp((1L << bits) + off, BucketMapping.MinMicros, BucketMapping.MaxMicros)),
        (1, Gen.Elements(BucketMapping.MinMicros, 2, 127, 128, BucketMapping.MaxMicros - 1, BucketMapping.MaxMicros)));

    public static readonly Gen<long> Any = Gen.Frequency(
        (9, InRange),
        (1, Gen.Elements(long.MinValue, -1L, 0L, BucketMapping.MaxMicros + 1, long.MaxValue)));

    public static readonly Gen<long[]> Values = Any.ArrayOf();

    public static HistogramSnapshot Histogram(IEnumerable<long> values)
    {
        var buffer = new HistogramBuffer();
        foreach (var value in values)
        {
            buffer.Record(value);
        }

        return buffer.Drain();
    }
}
