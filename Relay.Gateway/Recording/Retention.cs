using Relay.Silo.Grains;

namespace Relay.Gateway.Recording;

/// <summary>
/// Keeps what this gateway has reported, and gives it to a grain that was lost with its silo and started anew: the answer to the first
/// delta that it hears says that it lacks what came before.
/// </summary>
/// <param name="grains">The grains.</param>
/// <param name="gateway">This gateway's id.</param>
/// <param name="clock">The clock of the windows.</param>
internal sealed class Retention(IGrains grains, string gateway, SliceClock clock)
{
    private static readonly MeterHistory Nothing = new(TimeSpan.Zero, [], [], [], [], []);

    /// <summary>A delta has arrived: keeps it, and notes what the grain lacks.</summary>
    public void Arrived<TDelta, TSource>(Outbox<TDelta, TSource> outbox, GrainKind kind, MeterDelta? delta, long sequence, Receipt receipt)
        where TDelta : class
    {
        if (!grains.IsShared)
        {
            return;
        }

        if (!receipt.WantsHistory)
        {
            outbox.Missing = null;
        }
        else if (receipt.KnownSince == sequence)
        {
            // Everything that is kept came before this delta: taken now, because from here on that is no longer so.
            outbox.Missing = new(kind, outbox.Name, gateway, sequence, outbox.Kept?.Export(clock.Now) ?? Nothing);
        }

        if (delta is not null)
        {
            (outbox.Kept ??= new()).Keep(delta, clock.Now);
        }
    }

    /// <summary>Sends what the grain lacks.</summary>
    public async ValueTask DeliverAsync<TDelta, TSource>(Outbox<TDelta, TSource> outbox, CancellationToken cancellation)
        where TDelta : class
    {
        if (outbox.Missing is { } missing)
        {
            await grains.RestoreAsync(missing, cancellation);
            outbox.Missing = null;
        }
    }
}
