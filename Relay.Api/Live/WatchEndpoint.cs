using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.Api.Http;
using Relay.Core.Latency;

namespace Relay.Api.Live;

/// <summary><c>GET /api/v1/watch</c>: what <c>/api/v1/models</c> answers, again and again.</summary>
internal static class WatchEndpoint
{
    private const string Rate = "maxFramesPerSecond";

    /// <summary>Maps it.</summary>
    public static void MapWatch(this IEndpointRouteBuilder routes, WatchHub hub, TimeProvider time) =>
        routes.MapMethods("/api/v1/watch", Methods.Read, context => WatchAsync(context, hub, time));

    private static async Task WatchAsync(HttpContext context, WatchHub hub, TimeProvider time)
    {
        if (Read(context.Request.Query, out var window, out var rate) is { } wrong)
        {
            await wrong.WriteAsync(context);
            return;
        }

        if (HttpMethods.IsHead(context.Request.Method))
        {
            Begin(context);
            return;
        }

        using var watcher = hub.TryWatch(window, rate);
        if (watcher is null)
        {
            context.Response.Headers.RetryAfter = "10";
            await new ErrorAnswer(StatusCodes.Status503ServiceUnavailable, "too_many_watchers", $"{WatchHub.MaxWatchers:N0} watch already, and there may be no more. Ask /api/v1/models instead.").WriteAsync(context);
            return;
        }

        Begin(context);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, hub.Stopping);
        try
        {
            await new WatchEvents(context, time, over.Token).RunAsync(watcher);
        }
        catch (OperationCanceledException)
        {
            // The client left, or the server stops; a browser asks again by itself.
        }
    }

    /// <summary>Proxies are told not to keep events back; <c>Cache-Control: no-store</c> is on every answer.</summary>
    private static void Begin(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers["X-Accel-Buffering"] = "no";
    }

    private static ErrorAnswer? Read(IQueryCollection query, out Window window, out double rate)
    {
        (window, rate) = (WindowParameter.Default, WatchHub.MaxFramesPerSecond);
        foreach (var (name, values) in query)
        {
            switch (name)
            {
                case WindowParameter.Name when WindowParameter.Read(values, out window) is { } wrong:
                    return wrong;
                case WindowParameter.Name:
                    break;
                case Rate when values.Count == 1 && TryParseRate(values[0], out rate):
                    break;
                case Rate:
                    return new ErrorAnswer(StatusCodes.Status400BadRequest, "invalid_parameter", $"{Rate} is {ErrorAnswer.Echo(values.ToString())}; it must be a number above 0 and up to {WatchHub.MaxFramesPerSecond}.", Rate);
                default:
                    return new ErrorAnswer(StatusCodes.Status400BadRequest, "unknown_parameter", $"There is no parameter {ErrorAnswer.Echo(name)}; there are {WindowParameter.Name} (one of {WindowParameter.Allowed}) and {Rate}.", name);
            }
        }

        return null;
    }

    private static bool TryParseRate(string? text, out double rate) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out rate) && rate is > 0 and <= WatchHub.MaxFramesPerSecond;
}
