namespace Relay.Silo.Grains;

/// <summary>
/// Remembers which sequence numbers of one sender were seen, so that each counts once, in whatever order they come: the highest,
/// and a bit for each of the 64 up to it. The anti-replay window of RFC 4303, section 3.4.3.
/// </summary>
/// <remarks>A number that is 64 or more behind the highest counts as seen.</remarks>
internal struct SequenceWindow
{
    /// <summary>How far a number may come late and still be told from one that was seen.</summary>
    public const int Length = 64;

    /// <summary>Bit i is set when the number <c>_highest - i</c> was seen.</summary>
    private ulong _seen;
    private long _highest;

    /// <summary>The highest number seen; 0 for none.</summary>
    public readonly long Highest => _highest;

    /// <summary>Bit i is set when the number <c>Highest - i</c> was seen.</summary>
    public readonly ulong Seen => _seen;

    /// <summary>One that has seen what another has.</summary>
    public static SequenceWindow Of(long highest, ulong seen) => new() { _highest = highest, _seen = seen };

    /// <summary>True when the number is above every one seen so far, so that what comes with it is the latest.</summary>
    public readonly bool IsLatest(long sequence) => sequence > _highest;

    /// <summary>True when the number was seen, or is too old to tell.</summary>
    public readonly bool WasSeen(long sequence)
    {
        var behind = _highest - sequence;
        return behind >= 0 && (behind >= Length || (_seen & (1UL << (int)behind)) != 0);
    }

    /// <summary>Marks the number as seen.</summary>
    public void Mark(long sequence)
    {
        var ahead = sequence - _highest;
        if (ahead > 0)
        {
            _seen = ahead >= Length ? 0 : _seen << (int)ahead;
            _highest = sequence;
        }

        var behind = _highest - sequence;
        if (behind < Length)
        {
            _seen |= 1UL << (int)behind;
        }
    }
}
