using System.Runtime.CompilerServices;
using Relay.Cli.Server;
using Relay.V1;

namespace Relay.Cli.Top.Live;

/// <summary>How it is with the stream of frames.</summary>
internal enum Link
{
    /// <summary>It was asked for and has not come yet.</summary>
    Connecting,

    /// <summary>Frames come.</summary>
    Live,

    /// <summary>It broke, and is asked for again after a while.</summary>
    Lost,
}

/// <summary>News of the stream.</summary>
/// <param name="Link">How it is.</param>
/// <param name="Frame">Live: the frame.</param>
/// <param name="Problem">Lost: why, for people.</param>
/// <param name="RetryIn">Lost: when it is tried again.</param>
internal sealed record FeedNews(Link Link, StatsFrame? Frame = null, string? Problem = null, TimeSpan RetryIn = default);

/// <summary>The frames of WatchStats without an end: a stream that breaks is asked for again.</summary>
/// <param name="server">Where they come from.</param>
/// <param name="interval">The least time between two frames.</param>
/// <param name="time">The clock of the waits.</param>
internal sealed class WatchFeed(StatsServer server, TimeSpan interval, TimeProvider time)
{
    /// <summary>The wait before the first new try: 500 ms. Each that fails doubles it.</summary>
    public static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait: 10 s.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    /// <summary>Reads news until it is cancelled.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async IAsyncEnumerable<FeedNews> ReadAsync(Window window, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var request = new WatchStatsRequest { Window = window, MaxFramesPerSecond = Math.Min(10, 1 / interval.TotalSeconds) };
        var wait = FirstWait;
        while (true)
        {
            yield return new(Link.Connecting);
            string? problem = null;
            await using var frames = server.WatchAsync(request, cancellation).GetAsyncEnumerator(cancellation);
            while (problem is null)
            {
                try
                {
                    await frames.MoveNextAsync();
                }
                catch (ServerProblem lost)
                {
                    problem = lost.Message;
                    continue;
                }

                wait = FirstWait;
                yield return new(Link.Live, frames.Current);
            }

            yield return new(Link.Lost, Problem: problem, RetryIn: wait);
            await Task.Delay(wait, time, cancellation);
            wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
        }
    }
}
