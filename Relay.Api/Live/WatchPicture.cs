using System.Collections.Immutable;

namespace Relay.Api.Live;

/// <summary>A frame as one watcher gets it.</summary>
/// <param name="Frame">The frame.</param>
/// <param name="Failovers">Failovers and rescues since the frame that the watcher had before, oldest first; of its first one the latest.</param>
internal sealed record WatchPicture(WatchFrame Frame, ImmutableArray<WatchedStory> Failovers)
{
    private static readonly byte[] BeforeFailovers = ",\"failovers\":["u8.ToArray();
    private static readonly byte[] Comma = ","u8.ToArray();
    private static readonly byte[] End = "]}\n\n"u8.ToArray();

    /// <summary>The picture as a server-sent event, in parts that are shared.</summary>
    public ReadOnlyMemory<byte>[] ToEvent()
    {
        var parts = new List<ReadOnlyMemory<byte>>(4 + (2 * Failovers.Length)) { Frame.Head, Frame.Figures, BeforeFailovers };
        for (var i = 0; i < Failovers.Length; i++)
        {
            parts.Add(i == 0 ? default : Comma);
            parts.Add(Failovers[i].Json);
        }

        parts.Add(End);
        return [.. parts];
    }

    /// <summary>The picture as a message, in parts that are shared.</summary>
    public ImmutableArray<ReadOnlyMemory<byte>> ToMessage() => [Frame.Message, .. Failovers.Select(story => story.Field)];
}
