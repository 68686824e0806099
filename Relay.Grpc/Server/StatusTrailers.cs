using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Relay.Core.Errors;
using Relay.Grpc.Framing;
using Relay.Grpc.Wire.Rpc;
using Duration = Google.Protobuf.WellKnownTypes.Duration;
using RpcStatus = Relay.Grpc.Wire.Rpc.Status;

namespace Relay.Grpc.Server;

/// <summary>
/// A call's status on the wire: <c>grpc-status</c>, <c>grpc-message</c> and, of an error that has a kind, <c>grpc-status-details-bin</c>.
/// They are trailers, or, when nothing was sent before, headers of an answer that has nothing else.
/// </summary>
internal static class StatusTrailers
{
    public const string Status = "grpc-status";
    public const string Message = "grpc-message";
    public const string Details = "grpc-status-details-bin";

    /// <summary>Whose kinds of errors these are.</summary>
    public const string Domain = "relay";

    /// <summary>The most bytes of details; larger ones are left out, as clients refuse a call with too much metadata.</summary>
    private const int MaxDetailBytes = 4 * 1024;

    /// <summary>Writes a status, together with the trailers that were set before.</summary>
    public static void Write(HttpContext http, GrpcStatus status)
    {
        var trailers = http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers;
        trailers[Status] = ((int)status.Code).ToString(CultureInfo.InvariantCulture);
        if (status.Code != GrpcStatusCode.Ok)
        {
            var message = Cut(status.Message);
            trailers[Message] = PercentEncoding.Encode(message);
            if (status.Kind != ErrorKind.None && ToDetails(status, message) is { Length: <= MaxDetailBytes } details)
            {
                trailers[Details] = BinaryHeader.Encode(details);
            }
        }

        if (!http.Response.HasStarted)
        {
            foreach (var (name, value) in trailers)
            {
                http.Response.Headers[name] = value;
            }

            trailers.Clear();
        }
    }

    private static byte[] ToDetails(GrpcStatus status, string message)
    {
        var info = new ErrorInfo { Reason = status.Kind.Label().ToUpperInvariant(), Domain = Domain };
        foreach (var (name, value) in status.Info)
        {
            info.Metadata[name] = value;
        }

        info.Metadata["kind"] = status.Kind.Label();
        info.Metadata["code"] = status.ErrorCode;
        var details = new RpcStatus { Code = (int)status.Code, Message = message, Details = { Any.Pack(info) } };
        if (status.RetryAfter is { } wait)
        {
            details.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(wait) }));
        }

        return details.ToByteArray();
    }

    private static string Cut(string message)
    {
        if (message.Length <= GrpcStatus.MaxMessageLength)
        {
            return message;
        }

        const int Length = GrpcStatus.MaxMessageLength;
        return message[..(char.IsHighSurrogate(message[Length - 1]) ? Length - 1 : Length)];
    }
}
