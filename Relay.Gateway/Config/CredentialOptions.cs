namespace Relay.Gateway.Config;

/// <summary>One of a provider's credentials.</summary>
public sealed record CredentialOptions
{
    /// <summary>Its name in metrics, logs and stats: 1 to 64 letters, digits, '.', '_' and '-', unique within its provider. Default its place in the list, from 0.</summary>
    public required string Name { get; init; }

    /// <summary>The credential itself, sent as its provider's dialect has it.</summary>
    public required Secret ApiKey { get; init; }

    /// <summary>Its share of the attempts. Default 1, from 0 to 100; 0: only while all others are resting or out.</summary>
    public int Weight { get; init; } = 1;
}
