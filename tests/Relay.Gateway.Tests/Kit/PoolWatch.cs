using System.Diagnostics.Tracing;

namespace Relay.Gateway.Tests.Kit;

/// <summary>What all array pools of the process lend and keep, by the runtime's own events. Sees what happens after it was made.</summary>
internal sealed class PoolWatch : EventListener
{
    private const string Source = "System.Buffers.ArrayPoolEventSource";

    private long _made;
    private long _letGo;
    private long _lent;

    /// <summary>Bytes of arrays that were made for a pool and not let go of by it: lent or kept.</summary>
    public long Held => Volatile.Read(ref _made) - Volatile.Read(ref _letGo);

    /// <summary>Bytes of arrays that were lent and not given back; those of up to 128 KiB do not count, since a socket may hold one at any time.</summary>
    public long LargeLent => Volatile.Read(ref _lent);

    /// <inheritdoc/>
    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Source)
        {
            EnableEvents(eventSource, EventLevel.Verbose);
        }
    }

    /// <inheritdoc/>
    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventSource.Name != Source || eventData.Payload?[1] is not int size)
        {
            return;
        }

        switch (eventData.EventName)
        {
            case "BufferAllocated":
                Interlocked.Add(ref _made, size);
                break;
            case "BufferTrimmed" or "BufferDropped":
                Interlocked.Add(ref _letGo, size);
                break;
            case "BufferRented" when size > 128 * 1024:
                Interlocked.Add(ref _lent, size);
                break;
            case "BufferReturned" when size > 128 * 1024:
                Interlocked.Add(ref _lent, -size);
                break;
        }
    }
}
