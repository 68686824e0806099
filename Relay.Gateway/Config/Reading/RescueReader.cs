using Relay.Core.Attempts;

namespace Relay.Gateway.Config.Reading;

/// <summary>Reads <c>rescue</c>.</summary>
internal static class RescueReader
{
    /// <summary>Bounds of <c>overlapCharacters</c>.</summary>
    public static readonly NumberBounds Overlap = new(4, 1000);

    /// <summary>Bounds of <c>maxTextBytes</c>.</summary>
    public static readonly NumberBounds Text = new(1024, 16 * 1024 * 1024);

    /// <summary>Bounds of <c>maxPerRequest</c>.</summary>
    public static readonly NumberBounds PerRequest = new(1, 10);

    public static Layer<RescueOptions> Read(JsonCursor? at, Layer<RescueOptions> under)
    {
        if (at is not { } here || ObjectReader.Open(here, "write { \"enabled\": true }") is not { } section)
        {
            return under;
        }

        var below = under.Raw;
        var options = new RescueOptions
        {
            Enabled = section.Bool("enabled", below.Enabled),
            OverlapCharacters = (int)section.Whole("overlapCharacters", below.OverlapCharacters, Overlap),
            MaxTextBytes = (int)section.Whole("maxTextBytes", below.MaxTextBytes, Text),
            MaxPerRequest = (int)section.Whole("maxPerRequest", below.MaxPerRequest, PerRequest),
        };
        section.Close();
        return new(options, options, under.Written.Union(section.GoodNames));
    }
}
