namespace Relay.Simulator;

/// <summary>OpenAI's errors.</summary>
/// <remarks>https://platform.openai.com/docs/guides/error-codes</remarks>
internal class OpenAiErrors : DialectErrors
{
    private const string Invalid = "invalid_request_error";

    public static OpenAiErrors Instance { get; } = new();

    public override ApiError MissingKey { get; } =
        new(401, "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth.", Invalid);

    public override ApiError Unauthorized { get; } =
        new(401, "Incorrect API key provided. You can find your API key at https://platform.openai.com/account/api-keys.", Invalid, null, "invalid_api_key");

    public override ApiError Quota { get; } =
        new(429, "You exceeded your current quota, please check your plan and billing details.", "insufficient_quota", null, "insufficient_quota");

    public override ApiError Overloaded { get; } = new(503, "The engine is currently overloaded, please try again later", "server_error");

    public override ApiError NoPrefill { get; } =
        new(400, "The last message must not be from the assistant; this model does not continue answers.", Invalid, "messages", "unsupported_value");

    public override ApiError BadJson { get; } =
        new(400, "We could not parse the JSON body of your request. The API expects a JSON payload.", Invalid);

    public override ApiError TooLarge { get; } = new(413, "The request body is too large.", Invalid, null, "request_too_large");

    public override ApiError Internal { get; } = new(500, "The server had an error while processing your request. Sorry about that!", "server_error");

    public override ApiError NoSuchPath(string method, string path) => new(404, $"Invalid URL ({method} {path})", Invalid);

    public override ApiError Missing(string field) => field == "model"
        ? new(400, "you must provide a model parameter", Invalid, field, "missing_required_parameter")
        : new(400, $"Missing required parameter: '{field}'.", Invalid, field, "missing_required_parameter");

    public override ApiError WrongType(string field, JsonKind expected) => new(400, $"Invalid type for '{field}': expected {Name(expected)}.", Invalid, field, "invalid_type");

    public override ApiError OutOfRange(string field, double actual, double min, double max)
    {
        var number = actual == Math.Floor(actual) ? "integer" : "decimal";
        return actual < min
            ? new(400, $"Invalid '{field}': {number} below minimum value. Expected a value >= {min}, but got {actual} instead.", Invalid, field, $"{number}_below_min_value")
            : new(400, $"Invalid '{field}': {number} above maximum value. Expected a value <= {max}, but got {actual} instead.", Invalid, field, $"{number}_above_max_value");
    }

    /// <summary>A wrong value, in words of the caller's.</summary>
    public virtual ApiError Wrong(string message, string? field, string? code) => new(400, message, Invalid, field, code);

    public virtual ApiError NoSuchModel(string model) => new(404, $"The model '{model}' does not exist", Invalid, "model", "model_not_found");

    public override ApiError For(Fault fault)
    {
        var error = (fault.Status, fault.Code) switch
        {
            (_, "context_length_exceeded") => new ApiError(400, "This model's maximum context length is 128000 tokens. However, your messages resulted in 130512 tokens. Please reduce the length of the messages.", Invalid, "messages"),
            (_, "content_policy_violation") => ContentPolicy,
            (_, "insufficient_quota") => Quota,
            (_, "model_not_found") => NotFound with { Param = "model" },
            (400, _) => new ApiError(400, "Invalid request.", Invalid),
            (401, _) => Unauthorized,
            (403, _) => new ApiError(403, "Country, region, or territory not supported", "request_forbidden", null, "unsupported_country_region_territory"),
            (404, _) => NotFound,
            (413, _) => TooLarge,
            (429, _) => RateLimited(fault),
            (503, _) => Overloaded,
            ( < 500, _) => new ApiError(fault.Status, "Invalid request.", Invalid),
            _ => Internal,
        };
        return error with { Status = fault.Status, Code = CodeOf(fault, error), Type = fault.Type ?? error.Type };
    }

    public override ApiError InStream(Fault fault) => For(fault with { Status = 500 });

    protected virtual ApiError ContentPolicy { get; } = new(400, "Your request was rejected as a result of our safety system.", Invalid);

    protected virtual ApiError NotFound { get; } = new(404, "The model does not exist or you do not have access to it.", Invalid, null, "model_not_found");

    protected virtual ApiError RateLimited(Fault fault) => new(429, "Rate limit reached for requests. Please try again later.", "requests", null, "rate_limit_exceeded");

    protected virtual string? CodeOf(Fault fault, ApiError error) => fault.Code ?? error.Code;

    private static string Name(JsonKind kind) => kind switch
    {
        JsonKind.String => "a string",
        JsonKind.Boolean => "a boolean",
        JsonKind.Integer => "an integer",
        JsonKind.Number => "a number",
        JsonKind.Object => "an object",
        JsonKind.StringOrArray => "a string or an array of objects",
        _ => "an array of objects",
    };
}
