namespace Relay.Core.Breaker;

/// <summary>When a circuit breaker trips, how long it stays open and how it comes back.</summary>
public sealed record BreakerOptions
{
    /// <summary>The defaults.</summary>
    public static BreakerOptions Default { get; } = new();

    /// <summary>False: the breaker never opens. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Failed requests in a row that trip it. Default 3, from 1 to 1,000.</summary>
    public int ConsecutiveFailures { get; init; } = 3;

    /// <summary>Requests in <see cref="Window"/> below which the failure share is not looked at. Default 10, from 1 to 1,000,000.</summary>
    public int MinimumRequests { get; init; } = 10;

    /// <summary>Share of failed requests in <see cref="Window"/> that trips it, looked at with each failure. Default 0.5, above 0 up to 1.</summary>
    public double FailureRatio { get; init; } = 0.5;

    /// <summary>The trailing span over which the share is taken. Default 30 s, from 1 s to 1 h.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long it stays open the first time; doubles with each failed probe. Default 5 s, from 10 ms to 1 h.</summary>
    public TimeSpan OpenFor { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest it stays open before the next probe, <see cref="Jitter"/> aside. Default 20 s, from 10 ms to 1 h, at least <see cref="OpenFor"/>.</summary>
    public TimeSpan OpenForMax { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The open time is spread by plus or minus this share, so that gateways do not probe together. Default 0.1, from 0 to 0.5.</summary>
    public double Jitter { get; init; } = 0.1;

    /// <summary>After closing, traffic is let in over this span. Default 5 s, from 0 to 1 h; zero: at once.</summary>
    public TimeSpan RampFor { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The ramp applies only where the target is asked for more requests per second than this. Default 5, from 0 to 1,000,000.</summary>
    public double RampAboveRequestsPerSecond { get; init; } = 5;
}
