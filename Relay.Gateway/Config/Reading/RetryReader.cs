using Relay.Core.Attempts;

namespace Relay.Gateway.Config.Reading;

/// <summary>Reads <c>retry</c>.</summary>
internal static class RetryReader
{
    /// <summary>Bounds of <c>maxPerTarget</c>.</summary>
    public static readonly NumberBounds Retries = new(0, 10);

    /// <summary>Bounds of <c>budgetRatio</c>.</summary>
    public static readonly NumberBounds Ratio = new(0, 1);

    /// <summary>Bounds of <c>budgetFloor</c>.</summary>
    public static readonly NumberBounds Floor = new(0, 1_000_000);

    /// <summary>Bounds of both backoffs.</summary>
    public static readonly DurationBounds Backoff = new(TimeSpan.Zero, TimeSpan.FromMinutes(10));

    /// <summary>Bounds of both limits on Retry-After.</summary>
    public static readonly DurationBounds RetryAfter = new(TimeSpan.Zero, TimeSpan.FromHours(1));

    public static Layer<RetryOptions> Read(JsonCursor? at, Layer<RetryOptions> under)
    {
        if (at is not { } here || ObjectReader.Open(here, "write { \"maxPerTarget\": 2 }") is not { } section)
        {
            return under;
        }

        var below = under.Raw;
        var raw = new RetryOptions
        {
            MaxPerTarget = (int)section.Whole("maxPerTarget", below.MaxPerTarget, Retries),
            BackoffBase = section.Duration("backoffBase", below.BackoffBase, Backoff),
            BackoffMax = section.Duration("backoffMax", below.BackoffMax, Backoff),
            RetryAfterWaitMax = section.Duration("retryAfterWaitMax", below.RetryAfterWaitMax, RetryAfter),
            RetryAfterMax = section.Duration("retryAfterMax", below.RetryAfterMax, RetryAfter),
            BudgetRatio = section.Number("budgetRatio", below.BudgetRatio, Ratio),
            BudgetFloor = (int)section.Whole("budgetFloor", below.BudgetFloor, Floor),
        };
        section.Close();
        var written = under.Written.Union(section.GoodNames);
        return new(raw, Settle(raw, new(section, written)), written);
    }

    private static RetryOptions Settle(RetryOptions raw, Settling settling)
    {
        var (backoffBase, backoffMax) = settling.AtMost("backoffBase", raw.BackoffBase, "backoffMax", raw.BackoffMax);
        var (waitMax, max) = settling.AtMost("retryAfterWaitMax", raw.RetryAfterWaitMax, "retryAfterMax", raw.RetryAfterMax);
        return raw with { BackoffBase = backoffBase, BackoffMax = backoffMax, RetryAfterWaitMax = waitMax, RetryAfterMax = max };
    }
}
