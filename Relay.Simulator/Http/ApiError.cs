using System.Text.Json;

namespace Relay.Simulator;

/// <summary>An error in OpenAI's shape.</summary>
internal sealed record ApiError(int Status, string Message, string Type, string? Param = null, string? Code = null)
{
    public static ApiError Unauthorized { get; } =
        new(401, "Incorrect API key provided. You can find your API key at https://platform.openai.com/account/api-keys.", "invalid_request_error", null, "invalid_api_key");

    public static ApiError MissingKey { get; } =
        new(401, "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth.", "invalid_request_error");

    public static ApiError Quota { get; } =
        new(429, "You exceeded your current quota, please check your plan and billing details.", "insufficient_quota", null, "insufficient_quota");

    public static ApiError NoPrefill { get; } =
        new(400, "The last message must not be from the assistant; this model does not continue answers.", "invalid_request_error", "messages", "unsupported_value");

    public static ApiError BadJson { get; } =
        new(400, "We could not parse the JSON body of your request. The API expects a JSON payload.", "invalid_request_error");

    public static ApiError TooLarge { get; } = new(413, "The request body is too large.", "invalid_request_error", null, "request_too_large");

    public static ApiError Internal { get; } = new(500, "The server had an error while processing your request. Sorry about that!", "server_error");

    public static ApiError Invalid(string message, string? param, string? code) => new(400, message, "invalid_request_error", param, code);

    public static ApiError Missing(string param) => Invalid($"Missing required parameter: '{param}'.", param, "missing_required_parameter");

    public static ApiError WrongType(string param, string expected) => Invalid($"Invalid type for '{param}': expected {expected}.", param, "invalid_type");

    public static ApiError NoSuchPath(string method, string path) => new(404, $"Invalid URL ({method} {path})", "invalid_request_error");

    public static ApiError NoSuchModel(string model) => new(404, $"The model '{model}' does not exist", "invalid_request_error", "model", "model_not_found");

    /// <summary>What OpenAI says with a status, or with a code where a fault names one.</summary>
    public static ApiError For(Fault fault)
    {
        var status = fault.Kind == FaultKind.ErrorInStreamAfter ? 500 : fault.Status;
        var error = (status, fault.Code) switch
        {
            (_, "context_length_exceeded") => new ApiError(status, "This model's maximum context length is 128000 tokens. However, your messages resulted in 130512 tokens. Please reduce the length of the messages.", "invalid_request_error", "messages"),
            (_, "content_policy_violation") => new ApiError(status, "Your request was rejected as a result of our safety system.", "invalid_request_error"),
            (_, "insufficient_quota") => Quota with { Status = status },
            (_, "model_not_found") => new ApiError(status, "The model does not exist or you do not have access to it.", "invalid_request_error", "model"),
            (400, _) => new ApiError(400, "Invalid request.", "invalid_request_error"),
            (401, _) => Unauthorized,
            (403, _) => new ApiError(403, "Country, region, or territory not supported", "request_forbidden", null, "unsupported_country_region_territory"),
            (404, _) => new ApiError(404, "The model does not exist or you do not have access to it.", "invalid_request_error", null, "model_not_found"),
            (413, _) => TooLarge,
            (429, _) => new ApiError(429, "Rate limit reached for requests. Please try again later.", "requests", null, "rate_limit_exceeded"),
            (503, _) => new ApiError(503, "The engine is currently overloaded, please try again later", "server_error"),
            ( < 500, _) => new ApiError(status, "Invalid request.", "invalid_request_error"),
            _ => Internal with { Status = status },
        };
        return error with { Code = fault.Code ?? error.Code, Type = fault.Type ?? error.Type };
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteString("message"u8, Message);
        json.WriteString("type"u8, Type);
        json.WriteString("param"u8, Param);
        json.WriteString("code"u8, Code);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}

/// <summary>Thrown while a request is read; answered as the error it carries.</summary>
internal sealed class ApiErrorException(ApiError error) : Exception(error.Message)
{
    public ApiError Error => error;
}
