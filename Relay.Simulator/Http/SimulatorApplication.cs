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

        return path == "/healthz" ? Health(context) : LoggedAsync(new Exchange(context, state), context.Request.Method, path);
    }

    private Task Health(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync($$"""{"status":"ok","name":"{{System.Text.Json.JsonEncodedText.Encode(state.Options.Name)}}"}""");
    }

    private async Task LoggedAsync(Exchange exchange, string method, string path)
    {
        var failed = true;
        try
        {
            await RouteAsync(exchange, method, path);
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
            await exchange.SendErrorAsync(ApiError.Internal with { Message = $"simulator error: {e}" });
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

    private static Task RouteAsync(Exchange exchange, string method, string path) => (method, path) switch
    {
        ("POST", "/v1/chat/completions") => ChatEndpoint.HandleAsync(exchange),
        ("POST", "/v1/embeddings") => EmbeddingsEndpoint.HandleAsync(exchange),
        ("GET", "/v1/models") => ModelsEndpoint.ListAsync(exchange),
        ("GET", _) when path.StartsWith("/v1/models/", StringComparison.Ordinal) => ModelsEndpoint.GetAsync(exchange, Uri.UnescapeDataString(path["/v1/models/".Length..])),
        _ => throw new ApiErrorException(ApiError.NoSuchPath(method, path)),
    };
}
