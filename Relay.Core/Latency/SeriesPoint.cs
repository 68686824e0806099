namespace Relay.Core.Latency;

/// <summary>One step of a time series: what was recorded in [<paramref name="Start"/>, <paramref name="End"/>).</summary>
/// <param name="Start">Start of the covered time, on the clock that was recorded with. May lie before its origin (empty then).</param>
/// <param name="End">End of the covered time; for the last point, now. End - start is the time to divide by for a rate.</param>
/// <param name="Value">What was recorded; an empty value when nothing was.</param>
/// <typeparam name="T">What a point holds.</typeparam>
public readonly record struct SeriesPoint<T>(TimeSpan Start, TimeSpan End, T Value);
