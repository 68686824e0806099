using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Relay.Gateway.Dialects;
using Relay.Gateway.Streaming;

namespace Relay.Dialects.Tests.Kit;

/// <summary>Runs a stream's bytes through the gateway's own framing into a translator, in pieces of any size.</summary>
internal static class EventFlow
{
    /// <summary>Everything that the translator wrote.</summary>
    /// <param name="translator">A fresh translator.</param>
    /// <param name="bytes">The stream.</param>
    /// <param name="cuts">Where one read ends and the next begins, ascending.</param>
    public static string Run(EventTranslator translator, ReadOnlySpan<byte> bytes, params IEnumerable<int> cuts)
    {
        var to = new ArrayBufferWriter<byte>();
        var events = new EventBuffer();
        var from = 0;
        foreach (var cut in cuts.Append(bytes.Length))
        {
            Read(ref events, bytes[from..cut], translator, to);
            from = cut;
        }

        events.Terminate();
        Handle(ref events, translator, to);
        events.Return();
        translator.End(to);
        return Encoding.UTF8.GetString(to.WrittenSpan);
    }

    /// <summary>The payloads of a stream's events: JSON, or <c>[DONE]</c> as a string.</summary>
    public static JsonArray Payloads(string stream)
    {
        var payloads = new JsonArray();
        foreach (var text in stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var line = text.Split('\n').Single(l => l.StartsWith("data: ", StringComparison.Ordinal))[6..];
            payloads.Add(line == "[DONE]" ? line : JsonNode.Parse(line));
        }

        return payloads;
    }

    private static void Read(ref EventBuffer events, ReadOnlySpan<byte> bytes, EventTranslator translator, IBufferWriter<byte> to)
    {
        while (!bytes.IsEmpty)
        {
            var free = events.Free;
            var length = Math.Min(free.Length, bytes.Length);
            bytes[..length].CopyTo(free.Span);
            bytes = bytes[length..];
            events.Advance(length);
            Handle(ref events, translator, to);
            events.MakeRoom();
        }
    }

    private static void Handle(ref EventBuffer events, EventTranslator translator, IBufferWriter<byte> to)
    {
        while (events.TryRead(out var found))
        {
            if (found.DataLines > 0)
            {
                translator.Translate(default, SseFramer.JoinData(events.Bytes, found), to);
            }
        }
    }
}
