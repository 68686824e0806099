using System.Collections.Immutable;

namespace Relay.Api.Live;

/// <summary>A frame as one watcher gets it.</summary>
/// <param name="Frame">The frame.</param>
/// <param name="Failovers">Failovers and rescues since the frame that the watcher had before, oldest first; of its first one the latest. Always the last ones of the frame's.</param>
internal sealed record WatchPicture(WatchFrame Frame, ImmutableArray<WatchedStory> Failovers)
{
    private static readonly byte[] Comma = ","u8.ToArray();
    private static readonly byte[] End = "]}\n\n"u8.ToArray();
    private static readonly GzipPiece GzipEnd = GzipPiece.Of(End);

    /// <summary>What stands between a frame's figures and the failovers.</summary>
    public static ReadOnlyMemory<byte> BeforeFailovers { get; } = ",\"failovers\":["u8.ToArray();

    /// <summary>The picture as a server-sent event, in parts that are shared.</summary>
    public ReadOnlyMemory<byte>[] ToEvent() => [Frame.Head, Frame.Figures, BeforeFailovers, .. ToJson(Failovers), End];

    /// <summary>The same event compressed.</summary>
    public GzipPiece[] ToGzipEvent() => Failovers.IsEmpty ? [Frame.GzipEvent, GzipEnd] : [Frame.GzipEvent, Frame.GzipJson.Of(Failovers), GzipEnd];

    /// <summary>The picture as a message, in parts that are shared.</summary>
    public ImmutableArray<ReadOnlyMemory<byte>> ToMessage() => [Frame.Message, .. ToFields(Failovers)];

    /// <summary>The same message in gzip.</summary>
    public ImmutableArray<ReadOnlyMemory<byte>> ToGzipMessage() =>
        Failovers.IsEmpty ? GzipPiece.Stream(Frame.GzipMessage) : GzipPiece.Stream(Frame.GzipMessage, Frame.GzipFields.Of(Failovers));

    /// <summary>Failovers as the items of an array.</summary>
    public static ReadOnlyMemory<byte>[] ToJson(ImmutableArray<WatchedStory> failovers)
    {
        var parts = new ReadOnlyMemory<byte>[2 * failovers.Length];
        for (var i = 0; i < failovers.Length; i++)
        {
            parts[2 * i] = i == 0 ? default(ReadOnlyMemory<byte>) : Comma;
            parts[(2 * i) + 1] = failovers[i].Json;
        }

        return parts;
    }

    /// <summary>Failovers as fields of a message.</summary>
    public static ReadOnlyMemory<byte>[] ToFields(ImmutableArray<WatchedStory> failovers) => [.. failovers.Select(story => story.Field)];
}
