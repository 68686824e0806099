using Microsoft.Extensions.Logging;
using Relay.Gateway.Routing;
using Relay.Gateway.Telemetry;
using Relay.Gateway.Telemetry.Metrics;
using Relay.Silo.Grains;

namespace Relay.Gateway.Recording;

/// <summary>Settles an admitted request: its record goes to every sink and into the shards, exactly once.</summary>
public class Recorder
{
    /// <summary>How long the client's last byte waits for the sinks: 2 s.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly IRecordSink[] _sinks;
    private readonly GatewayMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<Recorder> _log;

    /// <summary>Creates the recorder.</summary>
    internal Recorder(IEnumerable<IRecordSink> sinks, GatewayMetrics metrics, TimeProvider time, ILogger<Recorder> log)
    {
        _sinks = [.. sinks];
        _metrics = metrics;
        _time = time;
        _log = log;
    }

    /// <summary>Tells of a fault inside Relay: type and place, never the message, which could hold request text.</summary>
    internal void TellInternal(string requestId, Exception e)
    {
        var place = new System.Diagnostics.StackTrace(e).GetFrame(0)?.GetMethod();
        Log.InternalError(_log, requestId, e.GetType().Name, $"{place?.DeclaringType?.FullName}.{place?.Name}");
    }

    internal virtual ValueTask CompleteAsync(RequestRecord record, ModelRoute route)
    {
        route.Meter.Count(record);
        _metrics.Count(record);
        _metrics.CountDroppedStories(route.Meter.Stories.Add(record));
        if (GenAiMeter.IsOn)
        {
            GenAiMeter.Count(record, route, _metrics.For(record.Model, record.Target));
        }

        var endpoint = MeteredEndpoints.Of(record.Endpoint);
        for (var i = 0; i < record.Attempts.Count; i++)
        {
            var attempt = record.Attempts[i];
            var left = i + 1 < record.Attempts.Count && record.Attempts[i + 1].Target != attempt.Target;
            route.Find(attempt.Target)?.State.Meter.Count(attempt, endpoint, left);
        }

        return _sinks.Length == 0 ? ValueTask.CompletedTask : WriteAsync(record);
    }

    private async ValueTask WriteAsync(RequestRecord record)
    {
        // Not the request's own token: a client that leaves must not keep its record from being written.
        using var grace = new CancellationTokenSource(Grace, _time);
        foreach (var sink in _sinks)
        {
            try
            {
                // A sink that is done at once costs no task.
                var write = sink.WriteAsync(record, grace.Token);
                if (!write.IsCompletedSuccessfully)
                {
                    await write.AsTask().WaitAsync(grace.Token);
                }
            }
            catch (Exception e)
            {
                // The client's answer is worth more than its record; the loss is told.
                Log.RecordSinkFailed(_log, sink.GetType().Name, record.RequestId, e.GetType().Name);
            }
        }
    }
}
