namespace Relay.Gateway.Config;

/// <summary>What a request may change for itself through its headers; docs/requests.md has the headers.</summary>
[Flags]
public enum OverrideKinds
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Its own deadline.</summary>
    Timeout = 1,

    /// <summary>That no target is asked twice.</summary>
    Retry = 2,

    /// <summary>Tags in its record.</summary>
    Tags = 4,

    /// <summary>The one target that it goes to.</summary>
    Target = 8,

    /// <summary>Further models whose targets follow.</summary>
    Fallbacks = 16,

    /// <summary>What a key may do that does not say otherwise: nothing that chooses a target.</summary>
    Default = Timeout | Retry | Tags,

    /// <summary>Everything.</summary>
    All = Default | Target | Fallbacks,
}
