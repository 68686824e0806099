using System.Globalization;
using Microsoft.AspNetCore.Http;
using Relay.Grpc.Framing;

namespace Relay.Grpc.Server;

/// <summary>What is no gRPC call at all is refused in HTTP's own words, with a gRPC status beside them.</summary>
internal static class HttpRefusal
{
    private const string ContentType = "application/grpc";

    /// <summary>Refuses a request that is no call; false for a call.</summary>
    public static bool TryRefuse(HttpContext http)
    {
        if (!HttpProtocol.IsHttp2(http.Request.Protocol))
        {
            Refuse(http, StatusCodes.Status426UpgradeRequired, "gRPC needs HTTP/2.");
        }
        else if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.Headers.Allow = HttpMethods.Post;
            Refuse(http, StatusCodes.Status405MethodNotAllowed, "gRPC calls are POST requests.");
        }
        else if (!IsGrpc(http.Request.ContentType))
        {
            Refuse(http, StatusCodes.Status415UnsupportedMediaType, "The content-type must be application/grpc or application/grpc+proto.");
        }
        else
        {
            return false;
        }

        return true;
    }

    /// <summary>Protobuf is the only form of messages here.</summary>
    private static bool IsGrpc(ReadOnlySpan<char> contentType)
    {
        if (!contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var rest = contentType[ContentType.Length..];
        if (rest.StartsWith("+proto", StringComparison.OrdinalIgnoreCase))
        {
            rest = rest["+proto".Length..];
        }

        rest = rest.TrimStart(' ');
        return rest.IsEmpty || rest[0] == ';';
    }

    private static void Refuse(HttpContext http, int status, string message)
    {
        http.Response.StatusCode = status;
        http.Response.Headers[StatusTrailers.Status] = ((int)GrpcStatusCode.Internal).ToString(CultureInfo.InvariantCulture);
        http.Response.Headers[StatusTrailers.Message] = PercentEncoding.Encode(message);
    }
}
