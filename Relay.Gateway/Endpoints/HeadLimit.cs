using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Relay.Core.Errors;
using Relay.Gateway.Errors;

namespace Relay.Gateway.Endpoints;

/// <summary>
/// Holds the limits on the request line and headers. The server's own are <see cref="Headroom"/> times as wide: it stops to read
/// where it refuses, and a client that still sends may then find its connection reset instead of an answer.
/// </summary>
internal static class HeadLimit
{
    /// <summary>The most characters of path and query: 8 Ki.</summary>
    public const int MaxTarget = 8 * 1024;

    /// <summary>The most characters of all headers together: 64 Ki.</summary>
    public const int MaxTotal = 64 * 1024;

    /// <summary>The most headers.</summary>
    public const int MaxCount = 100;

    /// <summary>How much wider the server's own limits are: 4 times.</summary>
    public const int Headroom = 4;

    /// <summary>The code of a target that is too long.</summary>
    public const string TargetCode = "url_too_long";

    /// <summary>The code of headers that are too many or too large.</summary>
    public const string HeadersCode = "headers_too_large";

    /// <summary>What a client is told whose target is too long.</summary>
    public static readonly string TargetTooLong = string.Create(CultureInfo.InvariantCulture, $"The request's path and query have over {MaxTarget} characters.");

    /// <summary>What a client is told whose headers are too many or too large.</summary>
    public static readonly string HeadersTooLarge = string.Create(
        CultureInfo.InvariantCulture, $"The request has over {MaxCount} headers, or over {MaxTotal} characters of them. Send fewer.");

    /// <summary>The stage.</summary>
    public static Task InvokeAsync(HttpContext http, RequestDelegate next) =>
        http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Length > MaxTarget
            ? ErrorMiddleware.SendAsync(http, TooLarge(StatusCodes.Status414UriTooLong, TargetTooLong, TargetCode))
            : Check(http.Request.Headers) is { } error
            ? ErrorMiddleware.SendAsync(http, error)
            : next(http);

    /// <summary>The error of headers that are too many or too large; otherwise null.</summary>
    public static RelayError? Check(IHeaderDictionary headers) =>
        AreTooLarge(headers) ? TooLarge(StatusCodes.Status431RequestHeaderFieldsTooLarge, HeadersTooLarge, HeadersCode) : null;

    private static bool AreTooLarge(IHeaderDictionary headers)
    {
        var total = 0;
        foreach (var (name, values) in headers)
        {
            foreach (var value in values)
            {
                total += name.Length + (value?.Length ?? 0);
            }
        }

        return total > MaxTotal || headers.Count > MaxCount;
    }

    private static RelayError TooLarge(int status, string message, string code) => new(ErrorKind.InvalidRequest, message) { HttpStatus = status, Code = code };
}
