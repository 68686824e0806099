using Microsoft.AspNetCore.Http;
using Relay.Core.Errors;

namespace Relay.Gateway.Endpoints;

/// <summary>Holds the limits on request headers: the server's own, wider ones would answer without a body.</summary>
internal static class HeaderLimit
{
    /// <summary>The most characters of all headers together: 64 Ki.</summary>
    public const int MaxTotal = 64 * 1024;

    /// <summary>The most headers.</summary>
    public const int MaxCount = 100;

    /// <summary>The stage.</summary>
    public static Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var total = 0;
        foreach (var (name, values) in http.Request.Headers)
        {
            foreach (var value in values)
            {
                total += name.Length + (value?.Length ?? 0);
            }
        }

        return total <= MaxTotal && http.Request.Headers.Count <= MaxCount
            ? next(http)
            : ErrorMiddleware.SendAsync(http, new(ErrorKind.InvalidRequest, $"The request has over {MaxCount} headers, or over {MaxTotal} characters of them. Send fewer.")
            {
                HttpStatus = StatusCodes.Status431RequestHeaderFieldsTooLarge,
                Code = "headers_too_large",
            });
    }
}
