using System.Buffers;
using Relay.Gateway.Dialects;

namespace Relay.Dialects.Tests.Kit;

/// <summary>Counts what translating an event allocates, once everything is warm.</summary>
internal static class Allocations
{
    /// <summary>Bytes for each event, over many.</summary>
    public static double PerEvent(EventTranslator stream, byte[] first, byte[] data)
    {
        var to = new ArrayBufferWriter<byte>(1 << 20);
        stream.Translate(default, first, to);
        Run(stream, data, to);
        to.ResetWrittenCount();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var events = Run(stream, data, to);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)events;
    }

    private static int Run(EventTranslator stream, byte[] data, ArrayBufferWriter<byte> to)
    {
        const int Events = 2000;
        for (var i = 0; i < Events; i++)
        {
            stream.Translate(default, data, to);
            to.ResetWrittenCount();
        }

        return Events;
    }
}
