namespace Relay.Gateway.Telemetry.Content;

/// <summary>Whether the spans of requests that are sampled hold what was asked and answered.</summary>
/// <param name="IsCaptured">They do. Only where it was switched on.</param>
internal sealed record TelemetryContent(bool IsCaptured);
