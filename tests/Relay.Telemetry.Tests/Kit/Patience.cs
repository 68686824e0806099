namespace Relay.Telemetry.Tests.Kit;

/// <summary>How long a test waits for an event that must come: far longer than it takes, so that only its absence runs into it.</summary>
internal static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>A token that is cancelled when the limit passes.</summary>
    public static CancellationToken Token => new CancellationTokenSource(Limit, TimeProvider.System).Token;
}
