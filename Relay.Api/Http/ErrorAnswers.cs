using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Relay.Api.Http;

/// <summary>Gives every failure the one error shape: what routing refused (404, 405), and faults of Relay itself (500).</summary>
/// <param name="log">Where faults go.</param>
internal sealed class ErrorAnswers(ILogger log)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client left; nobody is there to answer.
            return;
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            Log.RequestFailed(log, ErrorAnswer.Echo(context.Request.Path.Value ?? ""), e);
            await new ErrorAnswer(StatusCodes.Status500InternalServerError, "internal", "Relay could not answer; its log says why.").WriteAsync(context);
            return;
        }

        if (!context.Response.HasStarted && Routing(context) is { } error)
        {
            await error.WriteAsync(context);
        }
    }

    private static ErrorAnswer? Routing(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => new(
            StatusCodes.Status404NotFound,
            "not_found",
            $"There is nothing at {ErrorAnswer.Echo(context.Request.Path.Value ?? "")}. There are /, /api/v1/models, /api/v1/models/{{model}}, /api/v1/targets, /api/v1/targets/{{target}}, each of these two with /series and /heatmap, /api/v1/series, /api/v1/heatmap, /api/v1/breakers, /api/v1/breakers/{{target}}, /api/v1/failovers, /api/v1/watch, /api/v1/providers, /api/v1/audit, /api/v1/info, /api/v1/openapi.json, /metrics, /healthz and /readyz."),
        StatusCodes.Status405MethodNotAllowed => new(
            StatusCodes.Status405MethodNotAllowed,
            "method_not_allowed",
            $"{ErrorAnswer.Echo(context.Request.Method)} is not possible here; {context.Response.Headers.Allow} are."),
        _ => null,
    };
}
