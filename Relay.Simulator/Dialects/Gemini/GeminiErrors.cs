using System.Globalization;

namespace Relay.Simulator;

/// <summary>Gemini's errors: a google.rpc.Status, whose name is the error's type.</summary>
/// <remarks>https://ai.google.dev/gemini-api/docs/troubleshooting</remarks>
internal sealed class GeminiErrors : DialectErrors
{
    /// <summary>The reason of a key that is not valid, which is a 400.</summary>
    public const string KeyInvalid = "API_KEY_INVALID";

    /// <summary>The code of an account that is used up; its details name the quota.</summary>
    public const string QuotaUsedUp = "QUOTA";

    /// <summary>The type of a prompt that was blocked, which is no error but a 200 without candidates.</summary>
    public const string Blocked = "PROHIBITED_CONTENT";

    private const string InvalidArgument = "INVALID_ARGUMENT";

    public static GeminiErrors Instance { get; } = new();

    public override ApiError MissingKey { get; } =
        new(403, "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.", "PERMISSION_DENIED");

    public override ApiError Unauthorized { get; } = new(400, "API key not valid. Please pass a valid API key.", InvalidArgument, null, KeyInvalid);

    public override ApiError Quota { get; } =
        new(429, "You exceeded your current quota, please check your plan and billing details. For more information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits.", "RESOURCE_EXHAUSTED", null, QuotaUsedUp);

    public override ApiError Overloaded { get; } = new(503, "The model is overloaded. Please try again later.", "UNAVAILABLE");

    public override ApiError NoPrefill { get; } = Invalid("Please ensure that multiturn requests end with a user role or a function response.");

    public override ApiError BadJson { get; } = Invalid("Invalid JSON payload received. Unexpected end of string. Expected a value.");

    public override ApiError TooLarge { get; } = Invalid("Request payload size exceeds the limit: 20971520 bytes.");

    public override ApiError Internal { get; } =
        new(500, "An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting", "INTERNAL");

    public override ApiError NoSuchPath(string method, string path) => path.LastIndexOf(':') is > 0 and var colon
        ? new(404, $"{path[(path.LastIndexOf('/', colon) + 1)..colon]} is not found for API version v1beta, or is not supported for {path[(colon + 1)..]}. Call ListModels to see the list of available models and their supported methods.", "NOT_FOUND")
        : new(404, "Requested entity was not found.", "NOT_FOUND");

    public override ApiError Missing(string field) => Invalid($"* GenerateContentRequest.{field}: {field} is not specified\n", field);

    public override ApiError WrongType(string field, JsonKind expected) => Invalid($"Invalid value at '{field}' ({Name(expected)})", field);

    public override ApiError OutOfRange(string field, double actual, double min, double max) => Invalid(
        string.Create(CultureInfo.InvariantCulture, $"* GenerateContentRequest.{field}: {field} must be in the range [{min}, {max}], but is {actual}\n"), field);

    /// <summary>A request that is wrong in the way the message says.</summary>
    public static ApiError Invalid(string message, string? field = null) => new(400, message, InvalidArgument, field);

    public override ApiError For(Fault fault)
    {
        var error = (fault.Status, fault.Code) switch
        {
            (_, "context_length_exceeded") => Invalid("The input token count (130512) exceeds the maximum number of tokens allowed (128000)."),
            (_, "content_policy_violation") => new ApiError(200, "The prompt was blocked.", Blocked),
            (_, "insufficient_quota") => Quota,
            (401, _) => new ApiError(401, "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.", "UNAUTHENTICATED"),
            (403, _) => new ApiError(403, "The caller does not have permission", "PERMISSION_DENIED"),
            (404, _) => new ApiError(404, "models/gemini-sim is not found for API version v1beta, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods.", "NOT_FOUND"),
            (429, _) => new ApiError(429, "Resource has been exhausted (e.g. check quota).", "RESOURCE_EXHAUSTED"),
            (503, _) => Overloaded,
            (504, _) => new ApiError(504, "Deadline expired before operation could complete.", "DEADLINE_EXCEEDED"),
            ( < 500, _) => Invalid("Request contains an invalid argument."),
            _ => Internal,
        };
        return error.Type == Blocked ? error : error with { Status = fault.Status, Type = fault.Type ?? error.Type };
    }

    private static string Name(JsonKind kind) => kind switch
    {
        JsonKind.String => "TYPE_STRING",
        JsonKind.Boolean => "TYPE_BOOL",
        JsonKind.Integer => "TYPE_INT32",
        JsonKind.Number => "TYPE_FLOAT",
        JsonKind.Object => "TYPE_MESSAGE",
        _ => "TYPE_LIST",
    };
}
