using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry;

namespace Relay.ServiceDefaults.Telemetry;

/// <summary>What became of one signal. Tells once when exports begin to fail, and once when they are well again.</summary>
/// <param name="name"><c>traces</c>, <c>metrics</c> or <c>logs</c>.</param>
internal sealed class SignalCounts(string name)
{
    private long _queued;
    private long _exported;
    private long _dropped;
    private long _failed;
    private long _succeeded;
    private int _isFailing;

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>Spans or log records that were handed over to a collector.</summary>
    public long Exported => Volatile.Read(ref _exported);

    /// <summary>Spans or log records that were lost: the queue was full, or an export failed.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Exports that failed.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Exports that a collector took.</summary>
    public long Succeeded => Volatile.Read(ref _succeeded);

    /// <summary>Where it tells.</summary>
    public ILogger Log { get; set; } = NullLogger.Instance;

    /// <summary>Takes a place in the queue; false, and counted, when it is full.</summary>
    public bool TryQueue(int limit)
    {
        if (Interlocked.Increment(ref _queued) <= limit)
        {
            return true;
        }

        Interlocked.Decrement(ref _queued);
        Interlocked.Increment(ref _dropped);
        return false;
    }

    /// <summary>A batch leaves the queue.</summary>
    public void Leaves(long count) => Interlocked.Add(ref _queued, -count);

    /// <summary>An export ended.</summary>
    /// <param name="result">How.</param>
    /// <param name="count">Spans or log records in it; 0 for metrics, which the next export repeats.</param>
    public ExportResult Ended(ExportResult result, long count)
    {
        var isFailure = result == ExportResult.Failure;
        Interlocked.Increment(ref isFailure ? ref _failed : ref _succeeded);
        Interlocked.Add(ref isFailure ? ref _dropped : ref _exported, count);
        if (Interlocked.Exchange(ref _isFailing, isFailure ? 1 : 0) != (isFailure ? 1 : 0))
        {
            if (isFailure)
            {
                ServiceDefaults.Log.ExportFails(Log, name);
            }
            else
            {
                ServiceDefaults.Log.ExportWorks(Log, name, Dropped);
            }
        }

        return result;
    }
}
