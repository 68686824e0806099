using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Relay.Gateway.Attempts;
using Relay.Gateway.Dialects;

namespace Relay.Gateway.Endpoints;

/// <summary>The endpoints of clients that speak another form than OpenAI's chat completions.</summary>
internal static class ClientEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapOtherForms(this IEndpointRouteBuilder app)
    {
        var pipeline = app.ServiceProvider.GetRequiredService<RelayPipeline>();
        foreach (var form in ClientForm.All)
        {
            app.MapPost(form.Path, (RequestDelegate)(http => pipeline.ServeAsync(http, EndpointKind.Chat, form)));
            if (form.Same == Config.Dialect.Anthropic)
            {
                app.MapPost(form.Path + "/count_tokens", (RequestDelegate)(http => pipeline.ServeAsync(http, EndpointKind.CountTokens, form)));
            }
        }
    }

    /// <summary>The form of a path, for errors that no stage of the pipeline sends; null for OpenAI's own.</summary>
    public static ClientForm? FormOf(PathString path)
    {
        foreach (var form in ClientForm.All)
        {
            if (path.StartsWithSegments(form.Path, StringComparison.Ordinal))
            {
                return form;
            }
        }

        return null;
    }
}
