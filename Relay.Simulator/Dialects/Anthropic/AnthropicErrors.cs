using System.Globalization;

namespace Relay.Simulator;

/// <summary>Anthropic's errors.</summary>
/// <remarks>https://platform.claude.com/docs/en/api/errors</remarks>
internal sealed class AnthropicErrors : DialectErrors
{
    private const string InvalidRequest = "invalid_request_error";

    public static AnthropicErrors Instance { get; } = new();

    public override ApiError MissingKey { get; } = new(401, "x-api-key header is required", "authentication_error");

    public override ApiError Unauthorized { get; } = new(401, "invalid x-api-key", "authentication_error");

    public override ApiError Quota { get; } =
        Invalid("Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.");

    public override ApiError Overloaded { get; } = new(529, "Overloaded", "overloaded_error");

    public override ApiError NoPrefill { get; } =
        Invalid("This model does not support assistant message prefill. The conversation must end with a user message.");

    public override ApiError BadJson { get; } = Invalid("The request body is not valid JSON: unexpected character");

    public override ApiError TooLarge { get; } = new(413, "Request exceeds the maximum size", "request_too_large");

    public override ApiError Internal { get; } = new(500, "Internal server error", "api_error");

    public override ApiError NoSuchPath(string method, string path) => path is "/v1/messages" or "/v1/messages/count_tokens"
        ? new(405, "Method Not Allowed", InvalidRequest)
        : new(404, "Not Found", "not_found_error");

    public override ApiError Missing(string field) => Invalid($"{field}: Field required");

    public override ApiError WrongType(string field, JsonKind expected) => Invalid($"{field}: Input should be a valid {Name(expected)}");

    public override ApiError OutOfRange(string field, double actual, double min, double max) => Invalid(actual < min
        ? string.Create(CultureInfo.InvariantCulture, $"{field}: Input should be greater than or equal to {min}")
        : string.Create(CultureInfo.InvariantCulture, $"{field}: Input should be less than or equal to {max}"));

    /// <summary>A request that is wrong in the way the message says.</summary>
    public static ApiError Invalid(string message) => new(400, message, InvalidRequest);

    public override ApiError For(Fault fault)
    {
        var error = (fault.Status, fault.Code) switch
        {
            (_, "context_length_exceeded") => Invalid("prompt is too long: 130512 tokens > 128000 maximum"),
            (_, "content_policy_violation") => Invalid("Output blocked by content filtering policy"),
            (_, "insufficient_quota") => Quota,
            (401, _) => Unauthorized,
            (402, _) => new ApiError(402, "There's an issue with your billing or payment information.", "billing_error"),
            (403, _) => new ApiError(403, "Your API key does not have permission to use the specified resource.", "permission_error"),
            (404, _) => new ApiError(404, "model: claude-sim", "not_found_error"),
            (413, _) => TooLarge,
            (429, _) => new ApiError(429, "This request would exceed your organization's rate limit. Please try again later.", "rate_limit_error"),
            (503 or 529, _) => Overloaded,
            (504, _) => new ApiError(504, "Request timed out.", "timeout_error"),
            ( < 500, _) => Invalid("Invalid request."),
            _ => Internal,
        };
        return error with { Status = fault.Status, Type = fault.Type ?? error.Type };
    }

    private static string Name(JsonKind kind) => kind switch
    {
        JsonKind.String => "string",
        JsonKind.Boolean => "boolean",
        JsonKind.Integer => "integer",
        JsonKind.Number => "number",
        JsonKind.Object => "dictionary",
        JsonKind.StringOrArray => "string or list",
        _ => "list",
    };
}
