using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Relay.Core.Errors;
using Relay.Gateway.Errors;
using Relay.Gateway.Telemetry.Metrics;

namespace Relay.Gateway.Endpoints;

/// <summary>
/// Counts requests that the web server refuses before any stage sees them, since they are no HTTP, and gives them a body in the shape of
/// their API, OpenAI's where the path is not known; the server's own answer has none. The server tells of each before it answers
/// (docs: "Diagnostics in Kestrel", bad requests).
/// </summary>
internal sealed class RefusedRequests(GatewayMetrics metrics, TimeProvider time) : DiagnosticSource
{
    private const string BadRequest = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    /// <summary>A stage of each connection, outside of the server's own.</summary>
    public static Task ConnectAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        connection.Transport = new RefusalPipe(connection.Transport);
        return next(connection);
    }

    /// <inheritdoc/>
    public override bool IsEnabled(string name) => name == BadRequest;

    /// <inheritdoc/>
    [RequiresUnreferencedCode("As the base; nothing is looked up by name here.")]
    public override void Write(string name, object? value)
    {
        if (name != BadRequest || value is not IFeatureCollection features || features.Get<IHttpResponseFeature>() is not { HasStarted: false })
        {
            return;
        }

        metrics.Reject(ErrorKind.InvalidRequest);
        var status = (features.Get<IBadRequestExceptionFeature>()?.Error as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest;

        // A client that speaks another version of HTTP is told so in that version, and an answer to HEAD has no body.
        if (status != StatusCodes.Status505HttpVersionNotsupported
            && features.Get<IHttpRequestFeature>() is { } request
            && request.Method != HttpMethods.Head
            && features.Get<IConnectionTransportFeature>()?.Transport is RefusalPipe pipe)
        {
            pipe.AnswerInstead(Answer(status, request.Path));
        }
    }

    private byte[] Answer(int status, string? path)
    {
        var (message, code) = Explain(status);
        var body = ErrorBody.Json(new(ErrorKind.InvalidRequest, message) { HttpStatus = status, Code = code }, path?.StartsWith('/') == true ? ClientEndpoints.FormOf(path) : null);
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status} {ReasonPhrases.GetReasonPhrase(status)}\r\nContent-Length: {body.Length}\r\nContent-Type: application/json\r\nConnection: close\r\nDate: {time.GetUtcNow():R}\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. body];
    }

    /// <summary>The server's own words may hold what the client sent, so they are not shown.</summary>
    private static (string Message, string? Code) Explain(int status) => status switch
    {
        StatusCodes.Status408RequestTimeout => ("The request's headers came too slowly.", "request_timeout"),
        StatusCodes.Status413PayloadTooLarge => ("The request body is too large.", "request_too_large"),
        StatusCodes.Status414UriTooLong => (HeadLimit.TargetTooLong, HeadLimit.TargetCode),
        StatusCodes.Status431RequestHeaderFieldsTooLarge => (HeadLimit.HeadersTooLarge, HeadLimit.HeadersCode),
        StatusCodes.Status411LengthRequired => ("The request has a body of unknown length. Send Content-Length, or chunks.", null),
        _ => ("The request is not valid HTTP/1.1. Check its request line, that it has one Host header and a right Content-Length, and that no header holds a control character or a byte that is not UTF-8. This port does not speak TLS.", null),
    };
}
