namespace Relay.Silo.Orleans;

/// <summary>How grains come and go.</summary>
internal static class GrainLife
{
    /// <summary>A silo that stops hands its grains on, with all that they know.</summary>
    public static Task MoveIfItsSiloStops(this Grain grain, DeactivationReason reason)
    {
        if (reason.ReasonCode == DeactivationReasonCode.ShuttingDown)
        {
            grain.MigrateOnIdle();
        }

        return Task.CompletedTask;
    }

    /// <summary>
    /// A delta is missing between two: another activation of the same grain took it, while silos disagreed on who lives. What it took is
    /// lost here; a new activation gets everything from the gateways.
    /// </summary>
    public static void StartAnewIf(this Grain grain, bool hasGap)
    {
        if (hasGap)
        {
            grain.DeactivateOnIdle();
        }
    }

    /// <summary>Ends an activation as soon as it is done with its call.</summary>
    private static void DeactivateOnIdle(this Grain grain) => ((IGrainBase)grain).DeactivateOnIdle();

    private static void MigrateOnIdle(this Grain grain) => ((IGrainBase)grain).MigrateOnIdle();
}
