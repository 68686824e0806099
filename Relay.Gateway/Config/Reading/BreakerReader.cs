using Relay.Core.Breaker;

namespace Relay.Gateway.Config.Reading;

/// <summary>Reads <c>breaker</c>.</summary>
internal static class BreakerReader
{
    /// <summary>Bounds of <c>consecutiveFailures</c>.</summary>
    public static readonly NumberBounds Failures = new(1, 1000);

    /// <summary>Bounds of <c>minimumRequests</c>.</summary>
    public static readonly NumberBounds Requests = new(1, 1_000_000);

    /// <summary>Bounds of <c>failureRatio</c>.</summary>
    public static readonly NumberBounds Ratio = new(0, 1, IsAboveMin: true);

    /// <summary>Bounds of <c>jitter</c>.</summary>
    public static readonly NumberBounds Jitter = new(0, 0.5m);

    /// <summary>Bounds of <c>rampAboveRequestsPerSecond</c>.</summary>
    public static readonly NumberBounds RampAbove = new(0, 1_000_000);

    /// <summary>Bounds of <c>window</c>.</summary>
    public static readonly DurationBounds Window = new(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));

    /// <summary>Bounds of <c>openFor</c> and <c>openForMax</c>.</summary>
    public static readonly DurationBounds Open = new(TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1));

    /// <summary>Bounds of <c>rampFor</c>.</summary>
    public static readonly DurationBounds Ramp = new(TimeSpan.Zero, TimeSpan.FromHours(1));

    public static Layer<BreakerOptions> Read(JsonCursor? at, Layer<BreakerOptions> under)
    {
        if (at is not { } here || ObjectReader.Open(here, "write { \"consecutiveFailures\": 3 }") is not { } section)
        {
            return under;
        }

        var below = under.Raw;
        var raw = new BreakerOptions
        {
            Enabled = section.Bool("enabled", below.Enabled),
            ConsecutiveFailures = (int)section.Whole("consecutiveFailures", below.ConsecutiveFailures, Failures),
            MinimumRequests = (int)section.Whole("minimumRequests", below.MinimumRequests, Requests),
            FailureRatio = section.Number("failureRatio", below.FailureRatio, Ratio),
            Window = section.Duration("window", below.Window, Window),
            OpenFor = section.Duration("openFor", below.OpenFor, Open),
            OpenForMax = section.Duration("openForMax", below.OpenForMax, Open),
            Jitter = section.Number("jitter", below.Jitter, Jitter),
            RampFor = section.Duration("rampFor", below.RampFor, Ramp),
            RampAboveRequestsPerSecond = section.Number("rampAboveRequestsPerSecond", below.RampAboveRequestsPerSecond, RampAbove),
        };
        section.Close();
        var written = under.Written.Union(section.GoodNames);
        var (openFor, openForMax) = new Settling(section, written).AtMost("openFor", raw.OpenFor, "openForMax", raw.OpenForMax);
        return new(raw, raw with { OpenFor = openFor, OpenForMax = openForMax }, written);
    }
}
