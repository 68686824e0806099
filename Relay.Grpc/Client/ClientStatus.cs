using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Relay.Core.Errors;
using Relay.Grpc.Framing;
using Relay.Grpc.Server;
using Relay.Grpc.Wire.Rpc;

namespace Relay.Grpc.Client;

/// <summary>Reads a call's status off an answer.</summary>
internal static class ClientStatus
{
    /// <summary>Throws when the answer has no messages but a status, or is none of gRPC.</summary>
    public static void ThrowIfRefused(HttpResponseMessage response)
    {
        if (response.Headers.Contains(StatusTrailers.Status))
        {
            ThrowUnlessOk(response.Headers);
        }
        else if (response.StatusCode != HttpStatusCode.OK)
        {
            // https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md
            var code = (int)response.StatusCode switch
            {
                400 => GrpcStatusCode.Internal,
                401 => GrpcStatusCode.Unauthenticated,
                403 => GrpcStatusCode.PermissionDenied,
                404 => GrpcStatusCode.Unimplemented,
                429 or 502 or 503 or 504 => GrpcStatusCode.Unavailable,
                _ => GrpcStatusCode.Unknown,
            };
            throw new GrpcException(new GrpcStatus(code, ErrorKind.None, string.Create(
                CultureInfo.InvariantCulture, $"The server answered with HTTP status {(int)response.StatusCode}, not with gRPC.")));
        }
    }

    /// <summary>Throws when the answer did not end well.</summary>
    public static void ThrowIfFailed(HttpResponseMessage response)
    {
        if (!response.Headers.Contains(StatusTrailers.Status))
        {
            ThrowUnlessOk(response.TrailingHeaders);
        }
    }

    private static void ThrowUnlessOk(HttpResponseHeaders ending)
    {
        if (!int.TryParse(Read(ending, StatusTrailers.Status), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
        {
            throw new GrpcException(new GrpcStatus(GrpcStatusCode.Unknown, ErrorKind.Truncated, "The answer ended without a status."));
        }

        if (code != (int)GrpcStatusCode.Ok)
        {
            throw new GrpcException(WithDetails(new GrpcStatus((GrpcStatusCode)code, ErrorKind.None, PercentEncoding.Decode(Read(ending, StatusTrailers.Message) ?? "")), ending));
        }
    }

    private static GrpcStatus WithDetails(GrpcStatus status, HttpResponseHeaders ending)
    {
        try
        {
            var bytes = Read(ending, StatusTrailers.Details) is { } text ? BinaryHeader.TryDecode(text) : null;
            foreach (var detail in Status.Parser.ParseFrom(bytes ?? []).Details)
            {
                if (detail.TryUnpack<ErrorInfo>(out var info) && info.Domain == StatusTrailers.Domain && info.Metadata.TryGetValue("kind", out var label))
                {
                    status = status with
                    {
                        Kind = ErrorTable.All.FirstOrDefault(row => row.Label == label)?.Kind ?? ErrorKind.None,
                        ErrorCode = info.Metadata.TryGetValue("code", out var word) ? word : "",
                        Info = [.. info.Metadata.Where(pair => pair.Key is not ("kind" or "code"))],
                    };
                }
                else if (detail.TryUnpack<RetryInfo>(out var retry))
                {
                    status = status with { RetryAfter = retry.RetryDelay.ToTimeSpan() };
                }
            }
        }
        catch (InvalidProtocolBufferException)
        {
            // The status says what matters; its details are an extra.
        }

        return status;
    }

    private static string? Read(HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.First() : null;
}
