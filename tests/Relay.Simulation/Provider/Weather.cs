namespace Relay.Simulation.Provider;

/// <summary>
/// Which faults a target has when: a line of fronts over the run, each with a share of requests that meet its fault. The last one is
/// clear, so that every run ends with targets that come back.
/// </summary>
internal sealed class Weather
{
    /// <summary>Faults that a request may meet under a clear sky.</summary>
    private static readonly FaultKind[] Any = Enum.GetValues<FaultKind>();

    /// <summary>Faults of a target that is down.</summary>
    private static readonly FaultKind[] Down =
    [
        FaultKind.Error503, FaultKind.Error503, FaultKind.Error500, FaultKind.Reset, FaultKind.Refused, FaultKind.Silent, FaultKind.SilentBody,
        FaultKind.NeverConnects, FaultKind.PoolFull, FaultKind.RateLimited, FaultKind.RetryAfter, FaultKind.Quota, FaultKind.Unauthorized,
        FaultKind.CutSoft, FaultKind.CutHard, FaultKind.Stall, FaultKind.Slow, FaultKind.NoFinish, FaultKind.ErrorInside, FaultKind.Empty,
    ];

    private readonly List<(TimeSpan Until, FaultKind Fault, double Share)> _fronts = [];
    private readonly Rng _rng;
    private readonly double _stray;
    private readonly TimeSpan _length;

    /// <summary>Draws the fronts.</summary>
    /// <param name="rng">Its numbers, also for each request.</param>
    /// <param name="length">How long requests come.</param>
    public Weather(Rng rng, TimeSpan length)
    {
        _rng = rng;
        _length = length;
        _stray = rng.Pick(0, 0.02, 0.1, 0.3);
        var isFlapping = rng.Chance(0.2);
        var at = TimeSpan.Zero;
        while (at < length)
        {
            var isClear = rng.Chance(0.5);
            at += isFlapping ? rng.Seconds(0.3, 3) : rng.About(length.TotalSeconds / 4);
            _fronts.Add((at, isClear ? FaultKind.None : rng.Pick<FaultKind>(Down), rng.Pick(1, 1, 0.9, 0.5)));
        }
    }

    /// <summary>How long things take, in parts of what the target takes otherwise: when the last front has passed, next to no time.</summary>
    public double Pace(TimeSpan now) => now < _length ? 1 : 0.02;

    /// <summary>The fault that a request meets.</summary>
    public FaultKind Draw(TimeSpan now)
    {
        if (now >= _length)
        {
            return FaultKind.None;
        }

        if (_rng.Chance(_stray))
        {
            return _rng.Pick<FaultKind>(Any);
        }

        foreach (var (until, fault, share) in _fronts)
        {
            if (now < until)
            {
                return _rng.Chance(share) ? fault : FaultKind.None;
            }
        }

        return FaultKind.None;
    }
}
