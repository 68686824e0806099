namespace Relay.Gateway.Config;

/// <summary>What a target can do. What is not known (null) is taken as possible.</summary>
public sealed record CapabilityOptions
{
    /// <summary>Nothing is known.</summary>
    public static CapabilityOptions Unknown { get; } = new();

    /// <summary>Tokens of prompt and answer together, from 256 to 100,000,000.</summary>
    public long? ContextWindow { get; init; }

    /// <summary>Tokens of one answer, from 1 to 10,000,000.</summary>
    public long? MaxOutput { get; init; }

    /// <summary>It sees images.</summary>
    public bool? Images { get; init; }

    /// <summary>It calls tools.</summary>
    public bool? Tools { get; init; }

    /// <summary>It answers by a JSON schema.</summary>
    public bool? JsonSchema { get; init; }

    /// <summary>How an Anthropic model is told to think; other dialects find it out from the model's name.</summary>
    public ThinkingStyle? Thinking { get; init; }

    /// <summary>These, and what they leave open as the others have it.</summary>
    public CapabilityOptions Over(CapabilityOptions other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new()
        {
            ContextWindow = ContextWindow ?? other.ContextWindow,
            MaxOutput = MaxOutput ?? other.MaxOutput,
            Images = Images ?? other.Images,
            Tools = Tools ?? other.Tools,
            JsonSchema = JsonSchema ?? other.JsonSchema,
            Thinking = Thinking ?? other.Thinking,
        };
    }
}
