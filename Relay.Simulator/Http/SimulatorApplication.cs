using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Relay.Simulator;

/// <summary>The routes. Kestrel calls it without the web host: no middleware, no container, little to allocate.</summary>
internal sealed class SimulatorApplication(SimulatorState state) : IHttpApplication<HttpContext>
{
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
        // Nothing is kept per request.
    }

    public Task ProcessRequestAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        if (path.StartsWith("/control/", StringComparison.Ordinal))
        {
            return ControlEndpoints.HandleAsync(context, state, path);
        }

        if (state.Unplugged)
        {
            (context.Features.Get<LiveConnection>())?.Reset();
            return Task.CompletedTask;
        }

        return path == "/healthz" ? Health(context) : LoggedAsync(new Exchange(context, state));
    }

    private Task Health(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync($$"""{"status":"ok","name":"{{System.Text.Json.JsonEncodedText.Encode(state.Options.Name)}}"}""");
    }

    private async Task LoggedAsync(Exchange exchange)
    {
        var failed = true;
        try
        {
            await RouteAsync(exchange);
            failed = false;
        }
        catch (ApiErrorException e) when (!exchange.Http.Response.HasStarted)
        {
            // Wrong requests are in the log too, without a model.
            if (exchange.Entry is null)
            {
                exchange.Log(default, null, stream: false, fault: null);
            }

            await exchange.SendErrorAsync(e.Error);
            failed = false;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException && exchange.Aborted.IsCancellationRequested)
        {
            // The end below says who left.
        }
        catch (Exception e) when (!exchange.Http.Response.HasStarted && !exchange.Broken)
        {
            // A mistake of the simulator itself; its text is what a test's author needs to see.
            await exchange.SendErrorAsync(exchange.Dialect.Errors.Internal with { Message = $"simulator error: {e}" });
        }
        finally
        {
            if (exchange.Entry is { } entry)
            {
                state.Log.End(entry, exchange.Broken || exchange.Faulted ? RequestEnding.Faulted
                    : !failed ? RequestEnding.Completed
                    : exchange.Aborted.IsCancellationRequested ? RequestEnding.ClientAborted
                    : RequestEnding.Faulted);
            }
        }
    }

    private static Task RouteAsync(Exchange exchange) => exchange.Route.Endpoint switch
    {
        Endpoint.Chat => ChatEndpoint.HandleAsync(exchange),
        Endpoint.CountTokens => CountTokensEndpoint.HandleAsync(exchange),
        Endpoint.Embeddings => EmbeddingsEndpoint.HandleAsync(exchange),
        Endpoint.Models => ModelsEndpoint.ListAsync(exchange),
        Endpoint.Model => ModelsEndpoint.GetAsync(exchange, exchange.Route.Model!),
        _ => throw new ApiErrorException(exchange.Dialect.Errors.NoSuchPath(exchange.Http.Request.Method, exchange.Http.Request.Path.Value ?? "")),
    };
}
