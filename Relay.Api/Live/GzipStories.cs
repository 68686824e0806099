using System.Collections.Immutable;

namespace Relay.Api.Live;

/// <summary>
/// A frame's latest failovers, compressed once for all who are told equally many: most had the frame before, and are told the same. Thread-safe.
/// </summary>
/// <param name="parts">Their bytes.</param>
internal sealed class GzipStories(Func<ImmutableArray<WatchedStory>, ReadOnlyMemory<byte>[]> parts)
{
    /// <summary>The most numbers of them that are kept; for another one they are compressed for one watcher alone.</summary>
    public const int Max = 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, Lazy<GzipPiece>> _made = new(Max);

    /// <summary>Compresses them, or gives what was compressed before.</summary>
    /// <param name="latest">The frame's last ones; equally many are the same.</param>
    public GzipPiece Of(ImmutableArray<WatchedStory> latest)
    {
        var made = new Lazy<GzipPiece>(() => GzipPiece.Of(parts(latest)));
        lock (_gate)
        {
            if (_made.TryGetValue(latest.Length, out var known))
            {
                made = known;
            }
            else if (_made.Count < Max)
            {
                _made.Add(latest.Length, made);
            }
        }

        return made.Value;
    }
}
