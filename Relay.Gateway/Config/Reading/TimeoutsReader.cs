using Relay.Core.Attempts;

namespace Relay.Gateway.Config.Reading;

/// <summary>Reads <c>timeouts</c>.</summary>
internal static class TimeoutsReader
{
    /// <summary>Bounds of every limit on waiting.</summary>
    public static readonly DurationBounds Wait = new(TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(24));

    /// <summary>Bounds of <c>finishGrace</c>.</summary>
    public static readonly DurationBounds Grace = new(TimeSpan.Zero, TimeSpan.FromMinutes(1));

    /// <summary>Bounds of <c>reasoningFactor</c>.</summary>
    public static readonly NumberBounds Factor = new(1, 20);

    public static Layer<TimeoutOptions> Read(JsonCursor? at, Layer<TimeoutOptions> under)
    {
        if (at is not { } here || ObjectReader.Open(here, "write { \"firstToken\": \"12s\", \"total\": \"5m\" }") is not { } section)
        {
            return under;
        }

        var below = under.Raw;
        var raw = new TimeoutOptions
        {
            Connect = section.Duration("connect", below.Connect, Wait),
            PoolWait = section.Duration("poolWait", below.PoolWait, Wait),
            RequestWrite = section.Duration("requestWrite", below.RequestWrite, Wait),
            FirstToken = section.Duration("firstToken", below.FirstToken, Wait),
            FirstTokenLast = section.Duration("firstTokenLast", below.FirstTokenLast, Wait),
            ReasoningFactor = section.Number("reasoningFactor", below.ReasoningFactor, Factor),
            Idle = section.Duration("idle", below.Idle, Wait),
            Attempt = section.Duration("attempt", below.Attempt, Wait),
            Total = section.Duration("total", below.Total, Wait),
            FinishGrace = section.Duration("finishGrace", below.FinishGrace, Grace),
            SlowAfter = section.Duration("slowAfter", below.SlowAfter, Wait),
        };
        section.Close();
        var written = under.Written.Union(section.GoodNames);
        return new(raw, Settle(raw, new(section, written)), written);
    }

    private static TimeoutOptions Settle(TimeoutOptions raw, Settling settling)
    {
        var settled = raw with
        {
            Connect = WithinTotal("connect", raw.Connect),
            PoolWait = WithinTotal("poolWait", raw.PoolWait),
            RequestWrite = WithinTotal("requestWrite", raw.RequestWrite),
            FirstToken = WithinTotal("firstToken", raw.FirstToken),
            FirstTokenLast = WithinTotal("firstTokenLast", raw.FirstTokenLast),
            Idle = WithinTotal("idle", raw.Idle),
            Attempt = WithinTotal("attempt", raw.Attempt),
        };
        var (first, last) = settling.AtMost("firstToken", settled.FirstToken, "firstTokenLast", settled.FirstTokenLast);
        return settled with { FirstToken = first, FirstTokenLast = last };

        TimeSpan WithinTotal(string name, TimeSpan value) => settling.AtMost(name, value, "total", raw.Total, mayGrow: false).Shorter;
    }
}
