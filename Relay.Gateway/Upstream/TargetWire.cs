using Relay.Gateway.Attempts;
using Relay.Gateway.Config;
using Relay.Gateway.Dialects;

namespace Relay.Gateway.Upstream;

/// <summary>Where a target's requests go, and in what form: made once per configuration.</summary>
/// <param name="Dialect">The provider's dialect; null when it speaks OpenAI's.</param>
/// <param name="Speaks">Which one that is.</param>
/// <param name="Chat">For plain answers.</param>
/// <param name="ChatStream">For streams.</param>
/// <param name="Embeddings">For embeddings; null where the dialect has none.</param>
/// <param name="CountTokens">For counting tokens; null where the dialect has nothing like it.</param>
/// <param name="Models">For the list of models.</param>
internal sealed record TargetWire(IUpstreamDialect? Dialect, Dialect Speaks, Uri Chat, Uri ChatStream, Uri? Embeddings, Uri? CountTokens, Uri Models)
{
    /// <summary>That of a provider's model.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="model">The model's name there.</param>
    /// <param name="can">What it can do; null: nothing is known.</param>
    public static TargetWire Of(ProviderOptions provider, string model, CapabilityOptions? can)
    {
        if (UpstreamDialects.Of(provider.Dialect, can) is { } dialect)
        {
            return new(
                dialect,
                provider.Dialect,
                Append(provider.BaseUrl, dialect.Path(new UpstreamCall(model, Stream: false, "", 0))),
                Append(provider.BaseUrl, dialect.Path(new UpstreamCall(model, Stream: true, "", 0))),
                Embeddings: null,
                CountTokens: provider.Dialect == Config.Dialect.Anthropic ? Append(provider.BaseUrl, "messages/count_tokens") : null,
                Append(provider.BaseUrl, "models"));
        }

        if (provider.Dialect == Config.Dialect.Azure)
        {
            // https://learn.microsoft.com/azure/ai-services/openai/reference
            var deployment = "openai/deployments/" + Uri.EscapeDataString(model) + "/";
            var version = "?api-version=" + provider.ApiVersion;
            var azure = Append(provider.BaseUrl, deployment + "chat/completions" + version);
            return new(null, provider.Dialect, azure, azure, Append(provider.BaseUrl, deployment + "embeddings" + version), CountTokens: null, Append(provider.BaseUrl, "openai/models" + version));
        }

        var chat = Append(provider.BaseUrl, "chat/completions");
        return new(null, provider.Dialect, chat, chat, Append(provider.BaseUrl, "embeddings"), CountTokens: null, Append(provider.BaseUrl, "models"));
    }

    /// <summary>The URL of a request; null where the dialect has no such endpoint.</summary>
    public Uri? For(EndpointKind endpoint, bool stream) => endpoint switch
    {
        EndpointKind.Embeddings => Embeddings,
        EndpointKind.CountTokens => CountTokens,
        _ => stream ? ChatStream : Chat,
    };

    private static Uri Append(Uri baseUrl, string path) => new(baseUrl.AbsoluteUri.TrimEnd('/') + "/" + path);
}
