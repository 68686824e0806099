namespace Relay.Core.Attempts;

/// <summary>
/// The separate time limits of a request. Each names itself in its error. Durations are from 1 ms to 24 h unless said otherwise, and none
/// of those that bound a part of a request is longer than <see cref="Total"/>.
/// </summary>
public sealed record TimeoutOptions
{
    /// <summary>The defaults.</summary>
    public static TimeoutOptions Default { get; } = new();

    /// <summary>To open a connection, TLS included. Default 5 s, at most <see cref="Total"/>.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>To get a free connection from the pool. Default 5 s, at most <see cref="Total"/>.</summary>
    public TimeSpan PoolWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>To write the request. Default 30 s, at most <see cref="Total"/>.</summary>
    public TimeSpan RequestWrite { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>From the request being written to the first generated token, while another target remains untried. Default 12 s, at most <see cref="FirstTokenLast"/>.</summary>
    public TimeSpan FirstToken { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>The same when no other target remains. Default 120 s, at most <see cref="Total"/>.</summary>
    public TimeSpan FirstTokenLast { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Both first-token limits are multiplied by this when the target is marked as reasoning or the request asks for medium or high effort. Default 5, from 1 to 20.</summary>
    public double ReasoningFactor { get; init; } = 5;

    /// <summary>Silence between two tokens. Default 20 s, at most <see cref="Total"/>.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>A plain (not streamed) attempt, while another target remains untried; the last one may take what is left of <see cref="Total"/>. Default 120 s, at most <see cref="Total"/>.</summary>
    public TimeSpan Attempt { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>The whole request, all attempts and waits included. Default 300 s.</summary>
    public TimeSpan Total { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>After finish_reason: how long a provider may take to send usage and end the stream before the answer counts as complete without them. Default 2 s, from 0 to 1 min.</summary>
    public TimeSpan FinishGrace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A client that leaves after waiting longer than this for its first token counts as a slow failure of the target. Default 10 s.</summary>
    public TimeSpan SlowAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The first-token limit of one attempt.</summary>
    /// <param name="anotherTarget">Another target remains untried.</param>
    /// <param name="reasoning">The target or the request reasons before it answers.</param>
    public TimeSpan FirstTokenLimit(bool anotherTarget, bool reasoning)
    {
        var limit = anotherTarget ? FirstToken : FirstTokenLast;
        return reasoning ? limit * ReasoningFactor : limit;
    }
}
