using Relay.V1;

namespace Relay.Cli.Top.Live;

/// <summary>The latest figures, and how it is with their stream.</summary>
/// <param name="Stats">The latest figures; they may be older than the news.</param>
/// <param name="Received">When they came, as a timestamp of the own clock.</param>
/// <param name="News">The latest news of the stream.</param>
/// <param name="Told">When that came, as a timestamp of the own clock.</param>
internal sealed record LiveStats(ListModelsResponse Stats, long Received, FeedNews News, long Told)
{
    /// <summary>The server's time now, by its own last word and the time since then.</summary>
    public DateTime ServerNow(TimeProvider time) => Stats.GeneratedAt.ToDateTime() + time.GetElapsedTime(Received);

    /// <summary>With news of the stream.</summary>
    public LiveStats With(FeedNews news, long now) => news.Frame is { } frame ? new(frame.Stats, now, news, now) : this with { News = news, Told = now };
}
