using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;

namespace Relay.Gateway.Upstream;

/// <summary>
/// Reads from the rate-limit headers of a 429 when the limit that was used up is whole again, for a provider that sends no Retry-After:
/// OpenAI's (https://platform.openai.com/docs/guides/rate-limits, durations such as 6m0s; Azure's are seconds) and Anthropic's
/// (https://docs.anthropic.com/en/api/rate-limits, times in RFC 3339).
/// </summary>
internal static class LimitResetHeaders
{
    private static readonly (string Remaining, string Reset)[] Names =
    [
        ("x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
        ("x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"),
        ("anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset"),
        ("anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset"),
        ("anthropic-ratelimit-input-tokens-remaining", "anthropic-ratelimit-input-tokens-reset"),
        ("anthropic-ratelimit-output-tokens-remaining", "anthropic-ratelimit-output-tokens-reset"),
    ];

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <summary>The longest wait among the limits that are used up; null when none is, or when it makes no sense.</summary>
    public static TimeSpan? Read(HttpResponseHeaders headers, DateTimeOffset utcNow)
    {
        TimeSpan? longest = null;
        foreach (var (remaining, reset) in Names)
        {
            if (Value(headers, remaining) == "0" && Value(headers, reset) is { } text && Parse(text, utcNow) is { } wait && wait > (longest ?? TimeSpan.Zero))
            {
                longest = wait;
            }
        }

        return longest;
    }

    private static TimeSpan? Parse(string text, DateTimeOffset utcNow)
    {
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
        {
            return Seconds(seconds);
        }

        return Duration(text)
            ?? (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at - utcNow : null);
    }

    /// <summary>Go's form: numbers with the units h, m, s and ms, one after the other.</summary>
    private static TimeSpan? Duration(ReadOnlySpan<char> text)
    {
        var total = 0.0;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExcept(Digits);
            var (scale, length) = digits <= 0 ? (0, 0)
                : text[digits..].StartsWith("ms") ? (0.001, 2)
                : text[digits] switch { 'h' => (3600, 1), 'm' => (60, 1), 's' => (1, 1), _ => (0.0, 0) };
            if (length == 0 || !double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            total += number * scale;
            text = text[(digits + length)..];
        }

        return Seconds(total);
    }

    private static TimeSpan? Seconds(double seconds) => double.IsFinite(seconds) ? TimeSpan.FromSeconds(Math.Min(seconds, 86_400)) : null;

    private static string? Value(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.ToString().Trim() : null;
}
