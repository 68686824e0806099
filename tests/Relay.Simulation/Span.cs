namespace Relay.Simulation;

/// <summary>A span of virtual time.</summary>
/// <param name="From">Its start.</param>
/// <param name="Until">Its end, no part of it.</param>
internal readonly record struct Span(TimeSpan From, TimeSpan Until)
{
    /// <summary>True within it.</summary>
    public bool Contains(TimeSpan at) => at >= From && at < Until;
}
