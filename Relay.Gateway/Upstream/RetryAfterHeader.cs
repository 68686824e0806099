using System.Globalization;
using System.Net.Http.Headers;

namespace Relay.Gateway.Upstream;

/// <summary>Reads when a provider wants to be asked again: retry-after-ms, or Retry-After as seconds or as HTTP date (RFC 9110, section 10.2.3).</summary>
internal static class RetryAfterHeader
{
    /// <summary>The wait, never negative; null when there is none or it makes no sense.</summary>
    public static TimeSpan? Read(HttpResponseHeaders headers, DateTimeOffset utcNow)
    {
        if (Value(headers, "retry-after-ms") is { } ms
            && double.TryParse(ms, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var millis)
            && double.IsFinite(millis))
        {
            return TimeSpan.FromMilliseconds(Math.Min(millis, 86_400_000));
        }

        if (Value(headers, "Retry-After") is not { } text)
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && double.IsFinite(seconds))
        {
            return TimeSpan.FromSeconds(Math.Min(seconds, 86_400));
        }

        if (!DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            && !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out date))
        {
            return null;
        }

        var wait = date - utcNow;
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    private static string? Value(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.ToString().Trim() : null;
}
