using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Relay.Api.Http;
using Relay.Core.Latency;

namespace Relay.Api.Live;

/// <summary><c>GET /api/v1/watch</c>: what <c>/api/v1/models</c> answers, again and again.</summary>
internal static class WatchEndpoint
{
    private const string Rate = "maxFramesPerSecond";
    private const string Gzip = "gzip";

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

        var isGzip = AcceptsGzip(context.Request);
        if (HttpMethods.IsHead(context.Request.Method))
        {
            Begin(context, isGzip);
            return;
        }

        using var watcher = hub.TryWatch(window, rate, isGzip ? WatchForm.GzipEvent : WatchForm.Event);
        if (watcher is null)
        {
            context.Response.Headers.RetryAfter = "10";
            await new ErrorAnswer(StatusCodes.Status503ServiceUnavailable, "too_many_watchers", $"{WatchHub.MaxWatchers:N0} watch already, and there may be no more. Ask /api/v1/models instead.").WriteAsync(context);
            return;
        }

        Begin(context, isGzip);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, hub.Stopping);
        try
        {
            await new WatchEvents(context, isGzip, time, over.Token).RunAsync(watcher);
        }
        catch (OperationCanceledException)
        {
            // The client left, or the server stops; a browser asks again by itself.
        }
    }

    /// <summary>Proxies are told not to keep events back; <c>Cache-Control: no-store</c> is on every answer.</summary>
    private static void Begin(HttpContext context, bool isGzip)
    {
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (isGzip)
        {
            context.Response.Headers.ContentEncoding = Gzip;
        }
    }

    /// <summary><c>Accept-Encoding</c> (RFC 9110, 12.5.3) names it, or <c>*</c>, with a weight above 0.</summary>
    private static bool AcceptsGzip(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().AcceptEncoding;
        var one = accepted.FirstOrDefault(coding => coding.Value.Equals(Gzip, StringComparison.OrdinalIgnoreCase))
            ?? accepted.FirstOrDefault(coding => coding.Value == "*");
        return one is not null && one.Quality is not 0;
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
