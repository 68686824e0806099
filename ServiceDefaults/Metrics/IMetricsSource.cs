namespace Relay.ServiceDefaults.Metrics;

/// <summary>A part of the process that has metrics. Each process shows its own; Prometheus sums.</summary>
public interface IMetricsSource
{
    /// <summary>Writes all its families. Called for each scrape, from any thread; must not block.</summary>
    void Write(MetricsText text);
}
