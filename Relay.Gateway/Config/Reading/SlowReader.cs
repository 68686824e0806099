using Relay.Core.Slow;

namespace Relay.Gateway.Config.Reading;

/// <summary>Reads <c>slow</c>.</summary>
internal static class SlowReader
{
    /// <summary>Bounds of <c>firstTokenMax</c>.</summary>
    public static readonly DurationBounds FirstTokenMax = new(TimeSpan.Zero, TimeSpan.FromHours(24));

    /// <summary>Bounds of <c>factor</c>.</summary>
    public static readonly NumberBounds Factor = new(1.5m, 100);

    /// <summary>Bounds of <c>minDifference</c> and <c>minTokenDifference</c>.</summary>
    public static readonly DurationBounds Difference = new(TimeSpan.Zero, TimeSpan.FromHours(1));

    /// <summary>Bounds of <c>minSamples</c>.</summary>
    public static readonly NumberBounds Samples = new(10, 100_000);

    /// <summary>Bounds of <c>slowAttempts</c>.</summary>
    public static readonly NumberBounds Attempts = new(1, 1000);

    /// <summary>Bounds of <c>halfLife</c>.</summary>
    public static readonly DurationBounds HalfLife = new(TimeSpan.FromSeconds(10), TimeSpan.FromHours(24));

    /// <summary>Bounds of <c>acceptAfter</c>.</summary>
    public static readonly DurationBounds Accept = new(TimeSpan.FromSeconds(1), TimeSpan.FromHours(24));

    public static Layer<SlowOptions> Read(JsonCursor? at, Layer<SlowOptions> under)
    {
        if (at is not { } here || ObjectReader.Open(here, "write { \"factor\": 3 }") is not { } section)
        {
            return under;
        }

        var below = under.Raw;
        var options = new SlowOptions
        {
            Enabled = section.Bool("enabled", below.Enabled),
            FirstTokenMax = section.Duration("firstTokenMax", below.FirstTokenMax, FirstTokenMax),
            Factor = section.Number("factor", below.Factor, Factor),
            MinDifference = section.Duration("minDifference", below.MinDifference, Difference),
            MinTokenDifference = section.Duration("minTokenDifference", below.MinTokenDifference, Difference),
            MinSamples = (int)section.Whole("minSamples", below.MinSamples, Samples),
            SlowAttempts = (int)section.Whole("slowAttempts", below.SlowAttempts, Attempts),
            HalfLife = section.Duration("halfLife", below.HalfLife, HalfLife),
            AcceptAfter = section.Duration("acceptAfter", below.AcceptAfter, Accept),
        };
        section.Close();
        return new(options, options, under.Written.Union(section.GoodNames));
    }
}
