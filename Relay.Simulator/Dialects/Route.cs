using Microsoft.AspNetCore.Http;

namespace Relay.Simulator;

/// <summary>What is asked for.</summary>
internal enum Endpoint
{
    None,
    Chat,
    CountTokens,
    Embeddings,
    Models,
    Model,
}

/// <summary>Where a request goes: the dialect that it is in, and what its path says.</summary>
/// <param name="Dialect">Never null; a path that nobody knows is refused in the dialect it resembles.</param>
/// <param name="Endpoint">What is asked for.</param>
/// <param name="Model">The model or deployment, where the path names it.</param>
/// <param name="Form">How the answer is asked for, where the path says so.</param>
internal readonly record struct Route(Dialect Dialect, Endpoint Endpoint, string? Model = null, StreamForm Form = StreamForm.None)
{
    private const string Deployments = "/openai/deployments/";
    private const string AzureV1 = "/openai/v1/";
    private const string OpenAiModels = "/v1/models/";

    public static Route Of(HttpRequest request)
    {
        var path = request.Path.Value ?? "";
        var post = request.Method == "POST";
        return path switch
        {
            "/v1/chat/completions" => new(OpenAiDialect.Instance, post ? Endpoint.Chat : Endpoint.None),
            "/v1/embeddings" => new(OpenAiDialect.Instance, post ? Endpoint.Embeddings : Endpoint.None),
            "/v1/messages" => new(AnthropicDialect.Instance, post ? Endpoint.Chat : Endpoint.None),
            "/v1/messages/count_tokens" => new(AnthropicDialect.Instance, post ? Endpoint.CountTokens : Endpoint.None),
            "/v1/models" => new(OpenAiDialect.Instance, post ? Endpoint.None : Endpoint.Models),
            "/v1beta/models" => new(GeminiDialect.Instance, post ? Endpoint.None : Endpoint.Models),
            "/openai/models" => new(AzureDialect.Instance, post ? Endpoint.None : Endpoint.Models),
            _ when path.StartsWith("/v1/messages/", StringComparison.Ordinal) => new(AnthropicDialect.Instance, Endpoint.None),
            _ when path.StartsWith("/v1beta/", StringComparison.Ordinal) || (post && path.StartsWith(OpenAiModels, StringComparison.Ordinal)) => Gemini(request, path, post),
            _ when path.StartsWith(OpenAiModels, StringComparison.Ordinal) => new(OpenAiDialect.Instance, Endpoint.Model, Uri.UnescapeDataString(path[OpenAiModels.Length..])),
            _ when path.StartsWith(Deployments, StringComparison.Ordinal) => Deployment(path[Deployments.Length..], post),
            _ when path.StartsWith(AzureV1, StringComparison.Ordinal) => new(AzureDialect.V1, post ? OpenAiEndpoint(path[AzureV1.Length..]) : Endpoint.None),
            _ when path.StartsWith("/openai/", StringComparison.Ordinal) => new(AzureDialect.Instance, Endpoint.None),
            _ => new(OpenAiDialect.Instance, Endpoint.None),
        };
    }

    // {deployment}/chat/completions
    private static Route Deployment(string rest, bool post) =>
        rest.IndexOf('/') is > 0 and var slash
            ? new(AzureDialect.Instance, post ? OpenAiEndpoint(rest[(slash + 1)..]) : Endpoint.None, Uri.UnescapeDataString(rest[..slash]))
            : new(AzureDialect.Instance, Endpoint.None);

    private static Endpoint OpenAiEndpoint(string name) => name switch
    {
        "chat/completions" => Endpoint.Chat,
        "embeddings" => Endpoint.Embeddings,
        _ => Endpoint.None,
    };

    // /v1beta/models/{model}:{method}
    private static Route Gemini(HttpRequest request, string path, bool post)
    {
        var last = path.LastIndexOf('/');
        var colon = path.LastIndexOf(':');
        var dialect = GeminiDialect.Instance;
        if (!post || colon <= last + 1 || !path[..last].EndsWith("/models", StringComparison.Ordinal))
        {
            return new(dialect, Endpoint.None);
        }

        var model = Uri.UnescapeDataString(path[(last + 1)..colon]);
        return path[(colon + 1)..] switch
        {
            "generateContent" => new(dialect, Endpoint.Chat, model),
            "streamGenerateContent" => new(dialect, Endpoint.Chat, model, request.Query["alt"] == "sse" ? StreamForm.Events : StreamForm.Array),
            "countTokens" => new(dialect, Endpoint.CountTokens, model),
            _ => new(dialect, Endpoint.None, model),
        };
    }
}

/// <summary>How a stream is sent, where the path and query say it.</summary>
internal enum StreamForm
{
    None,

    /// <summary>Server-sent events.</summary>
    Events,

    /// <summary>One JSON array whose elements come one by one.</summary>
    Array,
}
