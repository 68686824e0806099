using Relay.Core.Cost;

namespace Relay.Simulation.Provider;

/// <summary>One target of a run; all gateways share it.</summary>
/// <param name="Index">Its number.</param>
/// <param name="Quirks">How it writes.</param>
/// <param name="Weather">When it fails how.</param>
/// <param name="Price">Its price, or null.</param>
/// <param name="Rng">Draws what is left to chance in its answers.</param>
internal sealed record SimTarget(int Index, Quirks Quirks, Weather Weather, Price? Price, Rng Rng)
{
    /// <summary>Its provider's name.</summary>
    public string Provider { get; } = $"p{Index}";

    /// <summary>The model's name there.</summary>
    public string UpstreamModel { get; } = $"up-{Index}";

    /// <summary>Its name.</summary>
    public string Name => $"p{Index}/up-{Index}";
}
