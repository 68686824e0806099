using Relay.Gateway.Config;
using Relay.Gateway.Upstream;

namespace Relay.Gateway.Routing;

/// <summary>What a target told last of its provider's limits, and until when others come first because of it. Thread-safe without a lock: an answer that is a moment older may win, and is put right by the next.</summary>
internal sealed class TargetLimits
{
    private long _untilTicks;
    private long _reachedAtTicks;
    private long _requests = -1;
    private long _tokens = -1;
    private long _reached;

    /// <summary>Until when others come first; in the past when they do not.</summary>
    public TimeSpan Until => TimeSpan.FromTicks(Interlocked.Read(ref _untilTicks));

    /// <summary>Requests left by the last answer that told; -1 when none did.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Tokens left by the last answer that told; -1 when none did.</summary>
    public long Tokens => Interlocked.Read(ref _tokens);

    /// <summary>How often a limit was seen to be reached, or nearly so.</summary>
    public long Reached => Interlocked.Read(ref _reached);

    /// <summary>An answer came.</summary>
    /// <param name="told">What it tells.</param>
    /// <param name="options">The provider's.</param>
    /// <param name="sent">When its request was sent, on the monotonic clock.</param>
    /// <param name="now">The monotonic time.</param>
    public void See(in LimitsTold told, RateLimitOptions options, TimeSpan sent, TimeSpan now)
    {
        if (!told.IsAny)
        {
            return;
        }

        Interlocked.Exchange(ref _requests, told.Requests);
        Interlocked.Exchange(ref _tokens, told.Tokens);
        if (told.IsReached)
        {
            if (Until <= now)
            {
                Interlocked.Increment(ref _reached);
            }

            var reset = told.Reset < options.ResetMax ? told.Reset : options.ResetMax;
            Interlocked.Exchange(ref _reachedAtTicks, now.Ticks);
            Interlocked.Exchange(ref _untilTicks, (now + reset).Ticks);
        }
        else if (sent.Ticks > Interlocked.Read(ref _reachedAtTicks))
        {
            // Asked all the same, it had some left again. What was sent before the limit was reached tells nothing.
            Interlocked.Exchange(ref _untilTicks, 0);
        }
    }
}
