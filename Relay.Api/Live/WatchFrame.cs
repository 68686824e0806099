using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Relay.Api.Grpc;
using Relay.Api.Http;
using Relay.Api.Stats;
using Relay.Core.Latency;

namespace Relay.Api.Live;

/// <summary>One picture of a window, made once and shared by all who watch it: as an event of a stream, and in pieces, so that nothing is copied for one of them.</summary>
internal sealed class WatchFrame
{
    private readonly Lazy<byte[]> _message;
    private readonly Lazy<GzipPiece> _gzipMessage;
    private readonly Lazy<GzipPiece> _gzipEvent;

    private WatchFrame(ulong sequence, StatsReport report, byte[] head, byte[] figures, ImmutableArray<WatchedStory> stories)
    {
        Sequence = sequence;
        Report = report;
        Head = head;
        Figures = figures;
        Stories = stories;
        _message = new(() => new V1.StatsFrame { Sequence = sequence, Stats = ReportsProto.Models(report) }.ToByteArray());
        _gzipMessage = new(() => GzipPiece.Of(Message));
        _gzipEvent = new(() => GzipPiece.Of(Head, Figures, WatchPicture.BeforeFailovers));
    }

    /// <summary>Counts the frames of the window.</summary>
    public ulong Sequence { get; }

    /// <summary>What it shows.</summary>
    public StatsReport Report { get; }

    /// <summary>The event up to the figures: its id, and the object's first fields.</summary>
    public ReadOnlyMemory<byte> Head { get; }

    /// <summary>The fields of the total and the models: what makes one picture differ from another.</summary>
    public ReadOnlyMemory<byte> Figures { get; }

    /// <summary>The latest failovers and rescues; a watcher is told of those that it was not told of before.</summary>
    public ImmutableArray<WatchedStory> Stories { get; }

    /// <summary>The message without its failovers; made when the first one asks.</summary>
    public ReadOnlyMemory<byte> Message => _message.Value;

    /// <summary><see cref="Message"/> compressed; made when the first one asks.</summary>
    public GzipPiece GzipMessage => _gzipMessage.Value;

    /// <summary>The event up to its failovers, compressed; made when the first one asks.</summary>
    public GzipPiece GzipEvent => _gzipEvent.Value;

    /// <summary>Failovers as they follow <see cref="GzipMessage"/>.</summary>
    public GzipStories GzipFields { get; } = new(WatchPicture.ToFields);

    /// <summary>Failovers as they follow <see cref="GzipEvent"/>.</summary>
    public GzipStories GzipJson { get; } = new(WatchPicture.ToJson);

    /// <summary>Makes a frame.</summary>
    /// <param name="sequence">Its number.</param>
    /// <param name="report">What it shows.</param>
    /// <param name="figures">The report by <see cref="WriteFigures"/>; copied.</param>
    /// <param name="stories">The latest failovers and rescues.</param>
    public static WatchFrame Of(ulong sequence, StatsReport report, ReadOnlySpan<byte> figures, ImmutableArray<WatchedStory> stories)
    {
        var head = new ArrayBufferWriter<byte>(160);
        head.Write("id: "u8);
        WriteNumber(head, sequence);
        head.Write("\ndata: {\"sequence\":"u8);
        WriteNumber(head, sequence);
        head.Write(",\"window\":\""u8);
        _ = Encoding.ASCII.GetBytes(report.Window.Label(), head);
        head.Write("\",\"generatedAt\":"u8);
        using (var json = new Utf8JsonWriter(head))
        {
            json.WriteStringValue(report.GeneratedAt.UtcDateTime);
        }

        head.Write(","u8);
        return new WatchFrame(sequence, report, head.WrittenSpan.ToArray(), figures.ToArray(), stories);
    }

    /// <summary>The bytes that one watcher is sent, but for the failovers; made now if that is to do.</summary>
    public long Size(WatchForm form) => form switch
    {
        WatchForm.GzipEvent => GzipEvent.Bytes.Length,
        WatchForm.Message => Message.Length,
        WatchForm.GzipMessage => GzipMessage.Bytes.Length,
        _ => Figures.Length,
    };

    /// <summary>Writes what a picture shows, without when it was made: two that are equal in it need only one frame.</summary>
    public static void WriteFigures(ArrayBufferWriter<byte> output, Utf8JsonWriter json, StatsReport report)
    {
        output.ResetWrittenCount();
        json.Reset(output);
        json.WriteStartObject();
        StatsJson.WriteModels(json, report);
        json.Flush();
    }

    /// <summary>What <see cref="WriteFigures"/> wrote, without the brace in front.</summary>
    public static ReadOnlySpan<byte> Fields(ArrayBufferWriter<byte> written) => written.WrittenSpan[1..];

    private static void WriteNumber(ArrayBufferWriter<byte> output, ulong number)
    {
        const int MaxDigits = 20;
        _ = number.TryFormat(output.GetSpan(MaxDigits), out var length, provider: CultureInfo.InvariantCulture);
        output.Advance(length);
    }
}
