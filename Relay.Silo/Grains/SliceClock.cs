namespace Relay.Silo.Grains;

/// <summary>
/// The clock that windows run on: monotonic, and counted from 1970 UTC, so that slices begin on whole minutes, and those of different
/// processes on the same ones.
/// </summary>
/// <param name="time">The clock behind it.</param>
public sealed class SliceClock(TimeProvider time)
{
    private readonly long _startedAt = time.GetTimestamp();
    private readonly TimeSpan _startedAtUtc = time.GetUtcNow() - DateTimeOffset.UnixEpoch;

    /// <summary>Now.</summary>
    public TimeSpan Now => _startedAtUtc + time.GetElapsedTime(_startedAt);
}
