namespace Relay.Gateway.Config.Reading;

/// <summary>Reads a target's <c>capabilities</c>.</summary>
internal static class CapabilitiesReader
{
    /// <summary>Bounds of <c>contextWindow</c>.</summary>
    public static readonly NumberBounds Window = new(256, 100_000_000);

    /// <summary>Bounds of <c>maxOutput</c>.</summary>
    public static readonly NumberBounds Output = new(1, 10_000_000);

    public static CapabilityOptions Read(JsonCursor? at)
    {
        if (at is not { } here || ObjectReader.Open(here, "write { \"contextWindow\": 128000, \"images\": false }") is not { } section)
        {
            return CapabilityOptions.Unknown;
        }

        var options = new CapabilityOptions
        {
            ContextWindow = section.OptionalWhole("contextWindow", Window),
            MaxOutput = section.OptionalWhole("maxOutput", Output),
            Images = section.OptionalBool("images"),
            Tools = section.OptionalBool("tools"),
            JsonSchema = section.OptionalBool("jsonSchema"),
            Thinking = Style(section.Field("thinking")),
        };
        section.Close();
        return options;
    }

    private static ThinkingStyle? Style(JsonCursor? at)
    {
        const string Fix = "write \"none\", \"budget\" or \"adaptive\"";
        if (at is not { } here || here.AsString(Fix) is not { } text)
        {
            return null;
        }

        ThinkingStyle? style = text switch { "none" => ThinkingStyle.None, "budget" => ThinkingStyle.Budget, "adaptive" => ThinkingStyle.Adaptive, _ => null };
        if (style is null)
        {
            here.Error($"{SafeText.Show(text)} is no way to think", Fix);
        }

        return style;
    }
}
