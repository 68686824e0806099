using System.Buffers;
using Relay.Gateway.Dialects;
using Relay.Gateway.Streaming;

namespace Relay.Gateway.Endpoints;

/// <summary>Writes chat.completion.chunk events in the client's form.</summary>
internal sealed class TranslatedEvents(EventTranslator translator)
{
    /// <summary>Writes whole events.</summary>
    public void Write(ReadOnlySpan<byte> events, IBufferWriter<byte> to)
    {
        var framer = default(SseFramer);
        while (framer.TryRead(events, out var found))
        {
            if (found.DataLines > 0)
            {
                translator.Translate(default, SseFramer.JoinData(events, found), to);
            }
            else
            {
                // A comment keeps the connection warm in every form.
                to.Write(events[found.Raw]);
            }
        }
    }

    /// <summary>Ends a stream well.</summary>
    public void End(IBufferWriter<byte> to)
    {
        translator.Translate(default, "[DONE]"u8, to);
        translator.End(to);
    }
}
