using System.Buffers;
using Relay.Gateway.Dialects;
using Relay.Gateway.Dialects.Anthropic;
using Relay.Gateway.Streaming;

namespace Relay.Gateway.Endpoints;

/// <summary>Writes chat.completion.chunk events in the client's form.</summary>
internal sealed class TranslatedEvents
{
    private readonly EventTranslator _translator;

    /// <summary>Begins a stream.</summary>
    /// <param name="translator">Writes it.</param>
    /// <param name="passed">What has passed through of it untranslated; null for nothing.</param>
    public TranslatedEvents(EventTranslator translator, AnthropicScanner? passed)
    {
        _translator = translator;
        if (passed is not null)
        {
            translator.Resume(passed.Blocks, passed.IsTextOpen);
        }
    }

    /// <summary>Writes whole events.</summary>
    public void Write(ReadOnlySpan<byte> events, IBufferWriter<byte> to)
    {
        var framer = default(SseFramer);
        while (framer.TryRead(events, out var found))
        {
            if (found.DataLines > 0)
            {
                _translator.Translate(default, SseFramer.JoinData(events, found), to);
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
        _translator.Translate(default, "[DONE]"u8, to);
        _translator.End(to);
    }
}
