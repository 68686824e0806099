using Relay.Core.Breaker;

namespace Relay.Core.Slow;

/// <summary>What is compared with what is usual.</summary>
public enum SlowMeasure
{
    /// <summary>The wait for the first generated token of a stream.</summary>
    FirstToken,

    /// <summary>The mean time between the first tokens of a stream.</summary>
    InterToken,

    /// <summary>A plain answer's time, by its length.</summary>
    Plain,
}

/// <summary>
/// Requests that can be expected to wait about as long for their first token: a long prompt takes longer to read, and what reasons
/// thinks first. Each class has its own baseline, so that a change of the traffic is not taken for a change of the target.
/// </summary>
public readonly record struct SlowClass
{
    /// <summary>How many there are.</summary>
    internal const int Count = 2 * Sizes;

    private const int Sizes = 3;
    private const int Small = 16 * 1024;
    private const int Medium = 128 * 1024;

    private SlowClass(int index, bool reasons) => (Index, Reasons) = (index, reasons);

    /// <summary>It reasons before it answers.</summary>
    public bool Reasons { get; }

    internal int Index { get; }

    /// <summary>The class of a request.</summary>
    /// <param name="requestBytes">The size of its body: up to 16 KiB, up to 128 KiB, more.</param>
    /// <param name="reasons">Target or request reason before they answer.</param>
    public static SlowClass Of(int requestBytes, bool reasons)
    {
        var size = requestBytes <= Small ? 0 : requestBytes <= Medium ? 1 : 2;
        return new(size + (reasons ? Sizes : 0), reasons);
    }
}

/// <summary>
/// One attempt in the eyes of a <see cref="SlowGuard"/>: made by <see cref="SlowGuard.Enter"/>, handed to every later call. Settle it
/// once with <see cref="SlowGuard.Leave"/>.
/// </summary>
public struct SlowTicket
{
    /// <summary>It was told to be slow; an attempt is so at most once.</summary>
    public bool IsSlow { get; internal set; }

    /// <summary>It decides whether the target is still slow, and has not done so yet.</summary>
    internal readonly bool IsProbe => Lease.IsHeld;

    internal ProbeLease Lease { get; set; }

    internal SlowClass Class { get; init; }

    internal long Period { get; init; }

    internal TimeSpan Since { get; init; }

    internal TimeSpan Max { get; init; }

    internal bool Streams { get; init; }

    internal int Watch { get; set; }

    internal bool Answers { get; set; }
}
