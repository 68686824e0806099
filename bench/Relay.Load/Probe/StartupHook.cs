using System.Diagnostics.CodeAnalysis;
using Relay.Load.Probe;

/// <summary>
/// The runtime calls this in a measured .NET process when DOTNET_STARTUP_HOOKS names this assembly. It has no namespace because the
/// runtime looks it up by this very name.
/// </summary>
[SuppressMessage("Design", "MA0047:Declare types in namespaces", Justification = "the runtime looks the type up by this name")]
[SuppressMessage("Design", "CA1050:Declare types in namespaces", Justification = "the runtime looks the type up by this name")]
internal static class StartupHook
{
    /// <summary>Called before Main.</summary>
    public static void Initialize() => GcProbe.Start();
}
