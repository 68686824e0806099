using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Relay.Gateway.Dialects;
using Relay.Gateway.Streaming;

namespace Relay.Dialects.Tests.Kit;

/// <summary>Feeds a translator as the gateway does: bytes as they come, cut into events by the gateway's own framing.</summary>
internal static class Events
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The bytes of a golden file's events: <c>{"event","data"}</c>, or <c>{"done":true}</c> for OpenAI's end mark.</summary>
    public static byte[] Bytes(JsonNode events)
    {
        var text = new StringBuilder();
        foreach (var one in events.AsArray())
        {
            if (one!["event"] is { } name)
            {
                text.Append("event: ").Append((string)name!).Append('\n');
            }

            text.Append("data: ").Append(one["done"] is null ? one["data"]!.ToJsonString(Compact) : "[DONE]").Append("\n\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Translates a stream that comes in pieces, cut at <paramref name="splits"/>.</summary>
    /// <returns>What came out, and how many events could not be read.</returns>
    public static (byte[] Out, int Skipped) Translate(EventTranslator translator, byte[] bytes, params int[] splits)
    {
        var to = new ArrayBufferWriter<byte>();
        var buffer = new EventBuffer();
        var skipped = 0;
        var from = 0;
        foreach (var until in splits.Append(bytes.Length))
        {
            while (from < until)
            {
                var length = Math.Min(until - from, buffer.Free.Length);
                bytes.AsSpan(from, length).CopyTo(buffer.Free.Span);
                buffer.Advance(length);
                from += length;
                skipped += Drain(ref buffer, translator, to);
            }
        }

        buffer.Terminate();
        skipped += Drain(ref buffer, translator, to);
        translator.End(to);
        buffer.Return();
        return (to.WrittenSpan.ToArray(), skipped);
    }

    /// <summary>Reads a stream into what golden files have.</summary>
    public static JsonArray Read(byte[] stream)
    {
        var found = new JsonArray();
        var framer = default(SseFramer);
        while (framer.TryRead(stream, out var one))
        {
            var data = SseFramer.JoinData(stream, one);
            var name = Encoding.UTF8.GetString(SseFramer.EventName(stream, one));
            found.Add(data.SequenceEqual("[DONE]"u8) ? new JsonObject { ["done"] = true }
                : name.Length > 0 ? new JsonObject { ["event"] = name, ["data"] = JsonNode.Parse(data) }
                : new JsonObject { ["data"] = JsonNode.Parse(data) });
        }

        Assert.Equal(stream.Length, framer.Consumed);
        return found;
    }

    private static int Drain(ref EventBuffer buffer, EventTranslator translator, ArrayBufferWriter<byte> to)
    {
        var skipped = 0;
        while (buffer.TryRead(out var found))
        {
            if (found.DataLines > 0)
            {
                var data = SseFramer.JoinData(buffer.Bytes, found);
                skipped += translator.Translate(SseFramer.EventName(buffer.Bytes, found), data, to) ? 0 : 1;
            }
        }

        buffer.MakeRoom();
        return skipped;
    }
}
