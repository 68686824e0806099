namespace Relay.Simulator;

/// <summary>What the rate-limit headers of an answer say: plenty left, or used up where a 429 or just that was scripted.</summary>
/// <param name="Requests">Requests left.</param>
/// <param name="Tokens">Tokens left.</param>
/// <param name="Reset">When a used-up limit is whole again; zero for limits that are not used up.</param>
internal readonly record struct RateLimits(int Requests, int Tokens, TimeSpan Reset)
{
    public const int MaxRequests = 10_000;

    public const int MaxTokens = 2_000_000;

    private static readonly TimeSpan DefaultReset = TimeSpan.FromSeconds(1);

    public bool UsedUp => Requests == 0;

    public static RateLimits Of(Fault? fault, int promptTokens) =>
        fault is { Kind: FaultKind.Status, Status: 429 } or { Kind: FaultKind.LimitReached }
            ? new RateLimits(0, 0, fault.LimitReset ?? fault.RetryAfter ?? DefaultReset)
            : new RateLimits(MaxRequests - 1, Math.Max(0, MaxTokens - promptTokens), TimeSpan.Zero);
}
