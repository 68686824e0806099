namespace Relay.Cluster.Tests.Kit;

/// <summary>What other processes do tells nobody here: it is looked at again and again, for a bounded time.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    /// <summary>Waits until it is so; fails, saying what was seen, when it does not become so.</summary>
    /// <returns>How long it took.</returns>
    public static async Task<TimeSpan> TrueAsync(string what, Func<Task<bool>> isSo, Func<string>? seen = null)
    {
        var start = TimeProvider.System.GetTimestamp();
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        while (!await isSo())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Limit, $"Not within {Limit.TotalSeconds} s: {what}. {seen?.Invoke()}");
            await ticks.WaitForNextTickAsync();
        }

        return TimeProvider.System.GetElapsedTime(start);
    }
}
