namespace Relay.Core.Latency;

/// <summary>One bucket of a histogram that holds at least one value.</summary>
/// <param name="LowerMicros">Smallest value of the bucket, microseconds, inclusive.</param>
/// <param name="UpperMicros">Largest value of the bucket, microseconds, inclusive.</param>
/// <param name="Count">How many values fell into it; at least 1.</param>
public readonly record struct HistogramBucket(long LowerMicros, long UpperMicros, long Count);
