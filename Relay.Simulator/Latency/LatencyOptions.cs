namespace Relay.Simulator;

/// <summary>How long a healthy answer takes: the wait for the first token, then the gap before each further token.</summary>
/// <param name="FirstToken">From the request's last byte to the first token.</param>
/// <param name="PerToken">The gap before each token after the first.</param>
public sealed record LatencyOptions(Distribution FirstToken, Distribution PerToken)
{
    /// <summary>No delay at all.</summary>
    public static LatencyOptions None { get; } = new(Distribution.Zero, Distribution.Zero);

    /// <summary>Delays in milliseconds, each uniform around its mean: a jitter of 0.2 gives 80 % to 120 %.</summary>
    public static LatencyOptions Of(double firstTokenMs, double perTokenMs, double jitter = 0) =>
        new(Distribution.Around(firstTokenMs, jitter), Distribution.Around(perTokenMs, jitter));
}
