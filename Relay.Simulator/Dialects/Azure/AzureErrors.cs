using System.Globalization;

namespace Relay.Simulator;

/// <summary>Azure OpenAI's errors: OpenAI's for a wrong request, its own for keys, paths, limits and content.</summary>
/// <remarks>https://learn.microsoft.com/azure/ai-foundry/openai/concepts/content-filter</remarks>
internal sealed class AzureErrors : OpenAiErrors
{
    public const string ContentFilter = "content_filter";

    private const double DefaultRetrySeconds = 1;

    public static AzureErrors Azure { get; } = new();

    public override ApiError MissingKey => Unauthorized;

    public override ApiError Unauthorized { get; } =
        new(401, "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.", null, null, "401");

    protected override ApiError ContentPolicy { get; } =
        new(400, "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please modify your prompt and retry.", null, null, ContentFilter);

    protected override ApiError NotFound { get; } =
        new(404, "The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again.", null, null, "DeploymentNotFound");

    public override ApiError NoSuchPath(string method, string path) => new(404, "Resource not found", null, null, "404");

    public override ApiError NoSuchModel(string model) => NotFound;

    protected override ApiError RateLimited(Fault fault) =>
        new(429, string.Create(CultureInfo.InvariantCulture, $"Requests to the ChatCompletions_Create Operation have exceeded the call rate limit of your current pricing tier. Please retry after {Math.Ceiling(fault.RetryAfter?.TotalSeconds ?? DefaultRetrySeconds)} seconds."), null, null, "429");

    // A fault names what happened by OpenAI's code; Azure has its own for some of it.
    protected override string? CodeOf(Fault fault, ApiError error) => error.Code ?? fault.Code;
}
