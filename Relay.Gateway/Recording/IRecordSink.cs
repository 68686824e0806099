namespace Relay.Gateway.Recording;

/// <summary>
/// Takes the record of each admitted request, exactly once. It is asked before the client's last byte, which waits for it up to
/// <see cref="Recorder.Grace"/>: a durable sink makes a killed process lose nothing.
/// </summary>
public interface IRecordSink
{
    /// <summary>Takes a record. Completes when the record is as safe as this sink makes it.</summary>
    ValueTask WriteAsync(RequestRecord record, CancellationToken cancellation);
}
