namespace Relay.Core.Attempts;

/// <summary>How often and how fast one target is tried again for one request.</summary>
public sealed record RetryOptions
{
    /// <summary>The defaults.</summary>
    public static RetryOptions Default { get; } = new();

    /// <summary>Retries on the same target after its first attempt. Default 2, from 0 to 10.</summary>
    public int MaxPerTarget { get; init; } = 2;

    /// <summary>The upper end of the first wait; doubles with each retry, and the wait is drawn evenly from zero up to it (full jitter). Default 250 ms, from 0 to 10 min, at most <see cref="BackoffMax"/>.</summary>
    public TimeSpan BackoffBase { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The largest upper end of a wait. Default 5 s, from 0 to 10 min.</summary>
    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A Retry-After up to this long is waited for; a longer one means failing over. Default 3 s, from 0 to 1 h, at most <see cref="RetryAfterMax"/>.</summary>
    public TimeSpan RetryAfterWaitMax { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>A target is left alone for at most this long, whatever its Retry-After says. Default 60 s, from 0 to 1 h.</summary>
    public TimeSpan RetryAfterMax { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Retries may be at most this share of a target's recent requests. Default 0.2, from 0 to 1.</summary>
    public double BudgetRatio { get; init; } = 0.2;

    /// <summary>Retries that are always allowed within the budget's span, whatever the share says. Default 10, from 0 to 1,000,000.</summary>
    public int BudgetFloor { get; init; } = 10;
}
