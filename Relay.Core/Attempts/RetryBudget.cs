namespace Relay.Core.Attempts;

/// <summary>
/// Caps the retries at one target to a share of its recent requests, so that retries cannot multiply an outage.
/// Counts over the last 10 s, in slices of one second: a slice that has only half left the span still counts for retries and no longer
/// for requests, so that the cap holds over any 10 s. Not thread-safe: the owner locks.
/// </summary>
public sealed class RetryBudget
{
    private const int Slices = 11;

    private readonly int[] _requests = new int[Slices];
    private readonly int[] _retries = new int[Slices];
    private long _newest;

    /// <summary>Counts a request that is sent to the target for the first time.</summary>
    public void CountRequest(TimeSpan now)
    {
        Advance(now);
        _requests[Slot(_newest)]++;
    }

    /// <summary>Takes one retry from the budget; false when none is left.</summary>
    public bool TryTake(RetryOptions options, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(options);
        Advance(now);
        var requests = _requests.Sum() - _requests[Slot(_newest + 1)];
        var retries = _retries.Sum() + 1;

        // Divided, not multiplied: 29 of 100 is 0.29, while 0.29 * 100 is less than 29.
        if (retries > options.BudgetFloor && (double)retries / requests > options.BudgetRatio)
        {
            return false;
        }

        _retries[Slot(_newest)]++;
        return true;
    }

    /// <summary>Gives back a retry that was taken and not used.</summary>
    public void Return(TimeSpan now)
    {
        Advance(now);
        var slot = Slot(_newest);
        if (_retries[slot] > 0)
        {
            _retries[slot]--;
        }
    }

    private static int Slot(long slice) => (int)(((slice % Slices) + Slices) % Slices);

    private void Advance(TimeSpan now)
    {
        var slice = now.Ticks / TimeSpan.TicksPerSecond;
        var steps = Math.Min(slice - _newest, Slices);
        for (var i = 0; i < steps; i++)
        {
            var slot = Slot(slice - i);
            _requests[slot] = 0;
            _retries[slot] = 0;
        }

        _newest = Math.Max(slice, _newest);
    }
}
