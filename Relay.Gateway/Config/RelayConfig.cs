using System.Collections.Frozen;
using System.Collections.Immutable;
using Relay.Core.Cost;

namespace Relay.Gateway.Config;

/// <summary>All settings of one Relay, checked and immutable. Made by <c>ConfigLoader</c> from relay.json.</summary>
public sealed record RelayConfig
{
    /// <summary>The file it was read from, or null for the built-in demo.</summary>
    public string? Path { get; init; }

    /// <summary>First 12 hexadecimal digits of the SHA-256 of the file's bytes: the version that every process reports.</summary>
    public string Version { get; init; } = "none";

    /// <summary>The files that it was made of, its own first; empty for the built-in demo.</summary>
    public ImmutableArray<ConfigFile> Files { get; init; } = [];

    /// <summary>Where Relay listens.</summary>
    public ListenOptions Listen { get; init; } = new();

    /// <summary>Who may change something through the API. Default nobody.</summary>
    public AdminOptions Admin { get; init; } = new();

    /// <summary>The data folder: absolute when it comes from a file, where it is relative to that file. Default <c>.relay</c>.</summary>
    public string DataDir { get; init; } = ".relay";

    /// <summary>Upstream accounts by name.</summary>
    public FrozenDictionary<string, ProviderOptions> Providers { get; init; } = FrozenDictionary<string, ProviderOptions>.Empty;

    /// <summary>Models by the name that clients ask for.</summary>
    public FrozenDictionary<string, ModelOptions> Models { get; init; } = FrozenDictionary<string, ModelOptions>.Empty;

    /// <summary>Keys that clients may use. None: only loopback is served.</summary>
    public ImmutableArray<KeyOptions> Keys { get; init; } = [];

    /// <summary>Prices by target.</summary>
    public PriceBook Prices { get; init; } = PriceBook.Empty;

    /// <summary>Limits on what one process takes in.</summary>
    public LimitOptions Limits { get; init; } = new();
}
