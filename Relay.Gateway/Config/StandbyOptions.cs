namespace Relay.Gateway.Config;

/// <summary>What a standby probe asks.</summary>
public enum StandbyKind
{
    /// <summary>GET models: free, and proves that provider and credential are there.</summary>
    Models,

    /// <summary>A chat request of a word, for a token: costs next to nothing, and proves that the model answers.</summary>
    Chat,
}

/// <summary>Asks a target that has no traffic every so often whether it is there.</summary>
public sealed record StandbyOptions
{
    /// <summary>A target without traffic for this long is probed. Default 30 s, from 1 s to 24 h.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What is asked. Default models.</summary>
    public StandbyKind Kind { get; init; }
}
