using System.Numerics;
using Relay.Core.Cost;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Gateway.Streaming;

/// <summary>What the chunks of a stream have added up to.</summary>
/// <param name="choices">The number of choices that was asked for.</param>
internal struct StreamTally(int choices)
{
    private ulong _seen;
    private ulong _finished;

    /// <summary>Chunks that carried output.</summary>
    public long Deltas { get; private set; }

    /// <summary>Events that could not be read and were skipped.</summary>
    public int Malformed { get; set; }

    /// <summary>The usage that was reported, or null.</summary>
    public Usage? Usage { get; private set; }

    /// <summary>The provider said [DONE].</summary>
    public bool IsDone { get; set; }

    /// <summary>Every choice that was asked for has its finish_reason; where the provider says it is done, every choice that it began.</summary>
    public readonly bool IsFinished =>
        _seen != 0 && _finished == _seen && (IsDone || BitOperations.PopCount(_finished) >= Math.Min(choices, 64));

    /// <summary>Adds a chunk; true when it is the first one that carries output.</summary>
    public bool Add(in ChunkScan scan)
    {
        _seen |= scan.Seen;
        _finished |= scan.Finished;
        Usage = scan.HasUsage ? scan.Usage : Usage;
        return scan.HasDelta && Deltas++ == 0;
    }

    /// <summary>Adds a chunk that is known to be like the one before but for its text.</summary>
    public void AddText() => Deltas++;
}
