using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;

namespace Relay.Gateway.Upstream;

/// <summary>
/// Reads what a provider tells of its limits: <c>x-ratelimit-remaining-requests</c>, <c>-tokens</c> and their resets as OpenAI and those
/// compatible with it send them, or Anthropic's <c>anthropic-ratelimit-*</c>.
/// </summary>
internal static class RateLimitHeaders
{
    /// <summary>A limit that is used up and does not say until when: 1 s.</summary>
    public static readonly TimeSpan UnknownReset = TimeSpan.FromSeconds(1);

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    private static readonly LimitNames[] OpenAi =
    [
        new("x-ratelimit-remaining-requests", "x-ratelimit-reset-requests", IsTokens: false),
        new("x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens", IsTokens: true),
    ];

    private static readonly LimitNames[] Anthropic =
    [
        new("anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset", IsTokens: false),
        new("anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset", IsTokens: true),
        new("anthropic-ratelimit-input-tokens-remaining", "anthropic-ratelimit-input-tokens-reset", IsTokens: true),
        new("anthropic-ratelimit-output-tokens-remaining", "anthropic-ratelimit-output-tokens-reset", IsTokens: true),
    ];

    /// <summary>Reads them.</summary>
    /// <param name="headers">The answer's.</param>
    /// <param name="minRequests">With fewer requests left the limit counts as reached.</param>
    /// <param name="minTokens">With fewer tokens left the limit counts as reached.</param>
    /// <param name="utcNow">The wall clock, for resets that are points in time.</param>
    public static LimitsTold Read(HttpResponseHeaders headers, long minRequests, long minTokens, DateTimeOffset utcNow)
    {
        var told = Read(headers, OpenAi, minRequests, minTokens, utcNow);
        return told.IsAny ? told : Read(headers, Anthropic, minRequests, minTokens, utcNow);
    }

    /// <summary>Reads a reset: a duration as Go prints it (1s, 6m0s, 120ms, 1h2m3.5s), seconds, or a point in time (RFC 3339). Null when it is none of them.</summary>
    public static TimeSpan? ReadReset(string text, DateTimeOffset utcNow)
    {
        if (ReadDuration(text) is { } duration)
        {
            return duration;
        }

        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
        {
            return null;
        }

        return at > utcNow ? at - utcNow : TimeSpan.Zero;
    }

    private static LimitsTold Read(HttpResponseHeaders headers, LimitNames[] all, long minRequests, long minTokens, DateTimeOffset utcNow)
    {
        var told = LimitsTold.Nothing;
        foreach (var names in all)
        {
            // Less than zero is how some say that they do not know.
            if (Value(headers, names.Remaining) is not { } text
                || !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var left) || left < 0)
            {
                continue;
            }

            var isReached = left < (names.IsTokens ? minTokens : minRequests);
            var reset = !isReached ? TimeSpan.Zero
                : Value(headers, names.Reset) is { } at ? ReadReset(at, utcNow) ?? UnknownReset
                : UnknownReset;
            told = told.With(left, names.IsTokens, isReached, reset);
        }

        return told;
    }

    private static TimeSpan? ReadDuration(ReadOnlySpan<char> text)
    {
        var total = 0.0;
        for (var any = false; ; any = true)
        {
            var digits = text.IndexOfAnyExcept(Digits);
            if (!double.TryParse(digits < 0 ? text : text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            var rest = digits < 0 ? "" : text[digits..];
            var letters = rest.IndexOfAny(Digits);
            var unit = letters < 0 ? rest : rest[..letters];
            var seconds = unit switch
            {
                "" when !any => 1,
                "h" => 3600,
                "m" => 60,
                "s" => 1,
                "ms" => 1e-3,
                "us" or "µs" => 1e-6,
                "ns" => 1e-9,
                _ => double.NaN,
            };
            total += number * seconds;
            if (!double.IsFinite(total))
            {
                return null;
            }

            if (letters < 0)
            {
                return TimeSpan.FromSeconds(Math.Min(total, TimeSpan.FromDays(1).TotalSeconds));
            }

            text = rest[letters..];
        }
    }

    private static string? Value(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.ToString().Trim() : null;

    private readonly record struct LimitNames(string Remaining, string Reset, bool IsTokens);
}

/// <summary>What an answer told of its provider's limits.</summary>
/// <param name="Requests">Requests left; -1 when not told.</param>
/// <param name="Tokens">Tokens left, of the scarcest kind; -1 when not told.</param>
/// <param name="IsReached">A limit is reached, or nearly so.</param>
/// <param name="Reset">Then: how long until the last such limit is whole again.</param>
internal readonly record struct LimitsTold(long Requests, long Tokens, bool IsReached, TimeSpan Reset)
{
    /// <summary>Nothing.</summary>
    public static LimitsTold Nothing { get; } = new(-1, -1, false, TimeSpan.Zero);

    /// <summary>Anything at all.</summary>
    public bool IsAny => Requests >= 0 || Tokens >= 0;

    /// <summary>And one limit more.</summary>
    public LimitsTold With(long left, bool isTokens, bool isReached, TimeSpan reset)
    {
        var least = isTokens ? Tokens : Requests;
        var value = least < 0 || left < least ? left : least;
        return new(isTokens ? Requests : value, isTokens ? value : Tokens, IsReached || isReached, reset > Reset ? reset : Reset);
    }
}
