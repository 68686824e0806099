using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relay.Core.Errors;
using Relay.Gateway.Errors;
using Relay.Gateway.Telemetry;
using Relay.Gateway.Telemetry.Metrics;

namespace Relay.Gateway.Endpoints;

/// <summary>Gives every error a body in OpenAI's shape, also those that routing and faults of Relay's own leave without one.</summary>
internal static class ErrorMiddleware
{
    private const int MaxShown = 200;

    /// <summary>The outermost stage.</summary>
    public static async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        try
        {
            await next(http);
        }
        catch (Exception e) when (e is not (BrokenAnswerException or BadHttpRequestException))
        {
            var log = http.RequestServices.GetRequiredService<ILogger<GatewayApp>>();
            Log.InternalError(log, "-", e.GetType().Name, e.TargetSite?.DeclaringType?.FullName ?? "-");
            if (!http.Response.HasStarted)
            {
                await SendAsync(http, new(ErrorKind.Internal, "Relay failed on this request. Its log has more."));
            }
        }

        if (http.Response.HasStarted)
        {
            return;
        }

        if (http.GetEndpoint() is null)
        {
            await SendAsync(http, OpenAiEndpoints.NotFound(http));
        }
        else if (http.Response.StatusCode == StatusCodes.Status405MethodNotAllowed)
        {
            var allowed = http.Response.Headers.Allow.ToString();
            await SendAsync(http, new(ErrorKind.InvalidRequest, $"{http.Request.Method} is not allowed on {Shown(http.Request.Path)}. Allowed: {allowed}.")
            {
                HttpStatus = StatusCodes.Status405MethodNotAllowed,
                Code = "method_not_allowed",
            });
        }
    }

    /// <summary>Sends and counts an error that no pipeline stage sends.</summary>
    public static async Task SendAsync(HttpContext http, RelayError error)
    {
        http.RequestServices.GetRequiredService<GatewayMetrics>().Reject(error.Kind);
        var body = ErrorBody.Json(error, ClientEndpoints.FormOf(http.Request.Path));
        http.Response.StatusCode = error.Status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        await http.Response.BodyWriter.WriteAsync(body);
    }

    /// <summary>A path or name as an error may show it.</summary>
    public static string Shown(string? text) => text is null ? "" : text.Length <= MaxShown ? text : text[..MaxShown] + "…";
}
