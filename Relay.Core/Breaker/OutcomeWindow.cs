namespace Relay.Core.Breaker;

/// <summary>Counts of good and bad outcomes over a trailing window, in ten slices. Not thread-safe.</summary>
internal sealed class OutcomeWindow
{
    private const int Slices = 10;

    private readonly long _sliceTicks;
    private readonly int[] _good = new int[Slices];
    private readonly int[] _bad = new int[Slices];
    private long _newest = long.MinValue;

    public OutcomeWindow(TimeSpan window) => _sliceTicks = Math.Max(1, window.Ticks / Slices);

    public int Good { get; private set; }

    public int Bad { get; private set; }

    public int Total => Good + Bad;

    public void Add(bool good, TimeSpan now)
    {
        Advance(now);
        var slot = Slot(_newest);
        if (good)
        {
            _good[slot]++;
            Good++;
        }
        else
        {
            _bad[slot]++;
            Bad++;
        }
    }

    public void Clear()
    {
        Array.Clear(_good);
        Array.Clear(_bad);
        Good = 0;
        Bad = 0;
    }

    /// <summary>Forgets the slices that have left the window. Time that goes backwards counts into the newest slice.</summary>
    public void Advance(TimeSpan now)
    {
        var slice = Math.DivRem(now.Ticks, _sliceTicks).Quotient;
        if (_newest == long.MinValue)
        {
            _newest = slice;
            return;
        }

        if (slice - _newest >= Slices)
        {
            Clear();
            _newest = slice;
            return;
        }

        while (_newest < slice)
        {
            _newest++;
            var slot = Slot(_newest);
            Good -= _good[slot];
            Bad -= _bad[slot];
            _good[slot] = 0;
            _bad[slot] = 0;
        }
    }

    private static int Slot(long slice) => (int)(((slice % Slices) + Slices) % Slices);
}
