using System.Diagnostics;

namespace Relay.ServiceDefaults.Metrics;

/// <summary>The process itself: memory, processor time, threads, garbage collection. Names as Prometheus' client libraries have them.</summary>
public sealed class ProcessMetrics : IMetricsSource
{
    /// <inheritdoc/>
    public void Write(MetricsText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        using var process = Process.GetCurrentProcess();
        text.Family("process_cpu_seconds_total", "counter", "Processor time of the process in seconds.");
        text.Sample(process.TotalProcessorTime.TotalSeconds);
        text.Family("process_resident_memory_bytes", "gauge", "Resident memory in bytes.");
        text.Sample(process.WorkingSet64);
        text.Family("process_threads", "gauge", "Threads of the process.");
        text.Sample(process.Threads.Count);
        text.Family("dotnet_gc_heap_bytes", "gauge", "Managed heap after the last collection, in bytes.");
        text.Sample(GC.GetTotalMemory(forceFullCollection: false));
        text.Family("dotnet_gc_collections_total", "counter", "Garbage collections by generation.");
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            text.Sample(GC.CollectionCount(generation), "generation", generation.ToString());
        }
    }
}
