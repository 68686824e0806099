namespace Relay.Gateway.Config.Reading;

/// <summary>Reads <c>rateLimits</c> of a provider.</summary>
internal static class RateLimitsReader
{
    /// <summary>Bounds of <c>minRequests</c>.</summary>
    public static readonly NumberBounds Requests = new(0, 1_000_000);

    /// <summary>Bounds of <c>minTokens</c>.</summary>
    public static readonly NumberBounds Tokens = new(0, 1_000_000_000);

    /// <summary>Bounds of <c>resetMax</c>.</summary>
    public static readonly DurationBounds Reset = new(TimeSpan.Zero, TimeSpan.FromHours(1));

    public static RateLimitOptions Read(JsonCursor? at)
    {
        var defaults = new RateLimitOptions();
        if (at is not { } here || ObjectReader.Open(here, "write { \"minRequests\": 1 }") is not { } section)
        {
            return defaults;
        }

        var options = new RateLimitOptions
        {
            Enabled = section.Bool("enabled", defaults.Enabled),
            MinRequests = section.Whole("minRequests", defaults.MinRequests, Requests),
            MinTokens = section.Whole("minTokens", defaults.MinTokens, Tokens),
            ResetMax = section.Duration("resetMax", defaults.ResetMax, Reset),
        };
        section.Close();
        return options;
    }
}
