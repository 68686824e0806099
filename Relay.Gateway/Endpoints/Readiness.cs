using Relay.Gateway.Recording;
using Relay.Silo.Grains;

namespace Relay.Gateway.Endpoints;

/// <summary>What /readyz tells besides the configuration.</summary>
/// <param name="flusher">Knows whether the grains are there.</param>
/// <param name="grains">The grains.</param>
internal sealed class Readiness(Flusher flusher, IGrains grains)
{
    private volatile bool _isStopping;

    /// <summary>The process is about to stop.</summary>
    public bool IsStopping
    {
        get => _isStopping;
        set => _isStopping = value;
    }

    /// <summary>How it stands with the cluster; empty where there is none. A gateway without its cluster serves on and stays ready.</summary>
    public string Cluster => !grains.IsShared ? "" : flusher.AwayFor is { } away ? $" cluster=away since={(int)away.TotalSeconds}s" : " cluster=joined";
}
