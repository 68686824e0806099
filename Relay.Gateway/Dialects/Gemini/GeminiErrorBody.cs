using System.Globalization;
using System.Text.Json;

namespace Relay.Gateway.Dialects.Gemini;

/// <summary>What one of Google's error bodies says.</summary>
/// <param name="Code">error.code, an HTTP status; 0 when it is missing.</param>
/// <param name="Status">error.status, such as INVALID_ARGUMENT, or null.</param>
/// <param name="Message">error.message, or null.</param>
/// <param name="Reason">The reason of its google.rpc.ErrorInfo, or null.</param>
/// <param name="RetryDelay">The delay of its google.rpc.RetryInfo, or null.</param>
/// <param name="IsDailyQuota">A violation of its google.rpc.QuotaFailure is of a quota for a day.</param>
internal sealed record GeminiErrorBody(int Code, string? Status, string? Message, string? Reason, TimeSpan? RetryDelay, bool IsDailyQuota)
{
    /// <summary>The longest delay that is believed.</summary>
    private static readonly TimeSpan MaxDelay = TimeSpan.FromDays(1);

    /// <summary>Reads it; null when the bytes are no error object. Some endpoints wrap it into an array.</summary>
    public static GeminiErrorBody? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 32 });
            var root = document.RootElement;
            root = root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0 ? root[0] : root;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("error"u8, out var error))
            {
                return null;
            }

            return error.ValueKind switch
            {
                JsonValueKind.Object => ReadError(error),
                JsonValueKind.String => new(0, null, Text(error), null, null, false),
                _ => null,
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second: a member's name with half of a surrogate pair.
            return null;
        }
    }

    /// <summary>Does its message hold these words?</summary>
    public bool Says(string words) => Message?.Contains(words, StringComparison.OrdinalIgnoreCase) == true;

    private static GeminiErrorBody ReadError(JsonElement error)
    {
        var status = Member(error, "status");
        var code = error.TryGetProperty("code"u8, out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out var value)
            ? value
            : CodeOf(status);
        var said = new GeminiErrorBody(code, status, Member(error, "message"), null, null, false);
        if (!error.TryGetProperty("details"u8, out var details) || details.ValueKind != JsonValueKind.Array)
        {
            return said;
        }

        foreach (var detail in details.EnumerateArray())
        {
            said = detail.ValueKind == JsonValueKind.Object ? said.With(detail) : said;
        }

        return said;
    }

    private GeminiErrorBody With(JsonElement detail) => Member(detail, "@type") switch
    {
        "type.googleapis.com/google.rpc.ErrorInfo" => this with { Reason = Member(detail, "reason") ?? Reason },
        "type.googleapis.com/google.rpc.RetryInfo" => this with { RetryDelay = Delay(Member(detail, "retryDelay")) ?? RetryDelay },
        "type.googleapis.com/google.rpc.QuotaFailure" => this with { IsDailyQuota = IsDailyQuota || HasDaily(detail) },
        _ => this,
    };

    private static bool HasDaily(JsonElement detail)
    {
        if (!detail.TryGetProperty("violations"u8, out var violations) || violations.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        foreach (var violation in violations.EnumerateArray())
        {
            if (violation.ValueKind == JsonValueKind.Object && Member(violation, "quotaId")?.Contains("PerDay", StringComparison.Ordinal) == true)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads a protobuf Duration, <c>36.429s</c>.</summary>
    private static TimeSpan? Delay(string? text) =>
        text?.EndsWith('s') == true
        && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(Math.Min(seconds, MaxDelay.TotalSeconds))
            : null;

    /// <summary>The HTTP status of a google.rpc.Code (https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto).</summary>
    private static int CodeOf(string? status) => status switch
    {
        "INVALID_ARGUMENT" or "FAILED_PRECONDITION" or "OUT_OF_RANGE" => 400,
        "UNAUTHENTICATED" => 401,
        "PERMISSION_DENIED" => 403,
        "NOT_FOUND" => 404,
        "RESOURCE_EXHAUSTED" => 429,
        "UNAVAILABLE" => 503,
        "DEADLINE_EXCEEDED" => 504,
        _ => 0,
    };

    private static string? Member(JsonElement owner, string name) => owner.TryGetProperty(name, out var value) ? Text(value) : null;

    /// <summary>A string; null for anything else and for one with half a surrogate pair.</summary>
    private static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
