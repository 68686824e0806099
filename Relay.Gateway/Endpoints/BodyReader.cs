using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Relay.Core.Errors;
using Relay.Gateway.Errors;
using Relay.Gateway.Upstream;

namespace Relay.Gateway.Endpoints;

/// <summary>Reads a request body into pooled memory, up to the limit.</summary>
internal static class BodyReader
{
    private const int FirstBuffer = 4 * 1024;

    /// <summary>An announced length reserves at most this much before its bytes are there.</summary>
    private const int MaxReserved = BodyArrays.LargestShared;

    /// <summary>Reads it whole; null with an error when it is too large or breaks off.</summary>
    public static async ValueTask<(PooledBody? Body, RelayError? Error)> ReadAsync(HttpRequest request, long limit)
    {
        // The server's own limit is that of its start.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server)
        {
            server.MaxRequestBodySize = limit;
        }

        if (request.ContentLength > limit)
        {
            // The body is not read, so nothing can follow it on this connection; a client that knows does not try.
            request.HttpContext.Response.Headers.Connection = "close";
            return (null, TooLarge(limit));
        }

        var buffer = BodyArrays.Rent((int)Math.Min(request.ContentLength ?? FirstBuffer, MaxReserved));
        var length = 0;
        try
        {
            while (true)
            {
                var result = await request.BodyReader.ReadAsync(request.HttpContext.RequestAborted);
                var bytes = result.Buffer;
                if (length + bytes.Length > limit)
                {
                    request.BodyReader.AdvanceTo(bytes.End);
                    BodyArrays.Return(buffer);
                    return (null, TooLarge(limit));
                }

                buffer = EnsureRoom(buffer, length, (int)bytes.Length);
                bytes.CopyTo(buffer.AsSpan(length));
                length += (int)bytes.Length;
                request.BodyReader.AdvanceTo(bytes.End);
                if (result.IsCompleted)
                {
                    return (new PooledBody(buffer, length), null);
                }
            }
        }
        catch (Exception e) when (e is IOException or BadHttpRequestException or OperationCanceledException)
        {
            BodyArrays.Return(buffer);
            return (null, Explain(e, limit));
        }
    }

    private static RelayError Explain(Exception e, long limit) => e switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => TooLarge(limit),
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } =>
            new(ErrorKind.InvalidRequest, "The request body came too slowly.") { HttpStatus = 408, Code = "request_timeout" },
        BadHttpRequestException => new(ErrorKind.InvalidRequest, "The request body ended before its announced length, or its chunks are broken."),
        _ => new(ErrorKind.ClientClosed, "The client closed the connection."),
    };

    private static RelayError TooLarge(long limit) => new(
        ErrorKind.TooLarge,
        string.Create(CultureInfo.InvariantCulture, $"The request body is larger than {limit} bytes (limits.maxRequestBodyBytes). Send less, or refer to large images by URL."));

    private static byte[] EnsureRoom(byte[] buffer, int length, int more)
    {
        if (buffer.Length - length >= more)
        {
            return buffer;
        }

        var larger = BodyArrays.Rent(Math.Max(buffer.Length * 2, length + more));
        buffer.AsSpan(0, length).CopyTo(larger);
        BodyArrays.Return(buffer);
        return larger;
    }
}
