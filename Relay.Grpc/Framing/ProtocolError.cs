using System.Globalization;
using Relay.Core.Errors;

namespace Relay.Grpc.Framing;

/// <summary>What is wrong with a call's bytes. The codes are those that gRPC itself prescribes (https://grpc.github.io/grpc/core/md_doc_statuscodes.html).</summary>
internal static class ProtocolError
{
    public static GrpcException BadFlag(byte flag) => Malformed($"The first byte of a message is {flag}; it must be 0, or 1 for a compressed message.");

    public static GrpcException NoEncoding() => Malformed("A message is marked as compressed, but grpc-encoding names no compression.");

    public static GrpcException CutShort() => Malformed("The request ends within a message.");

    public static GrpcException BadMessage() => Malformed("A message cannot be read as the method's request type.");

    public static GrpcException BadGzip() => Malformed("A message cannot be decompressed.");

    public static GrpcException TooLarge(long limit) => new(ErrorKind.TooLarge, string.Create(
        CultureInfo.InvariantCulture, $"The request message is larger than {limit} bytes, decompressed. Send less, or refer to large images by URL."));

    public static GrpcException NotOneMessage(string found) => new(new GrpcStatus(
        GrpcStatusCode.Unimplemented, ErrorKind.InvalidRequest, $"The method takes exactly one message; {found} came."));

    public static GrpcStatus UnknownEncoding(string encoding) => new(
        GrpcStatusCode.Unimplemented, ErrorKind.InvalidRequest, $"grpc-encoding '{encoding}' is not known; use one of {Encodings.Accepted}.");

    public static GrpcStatus BadTimeout() => GrpcStatus.Of(
        ErrorKind.InvalidRequest, "grpc-timeout must be 1 to 8 digits and a unit: H, M, S, m, u or n.");

    private static GrpcException Malformed(string message) => new(new GrpcStatus(GrpcStatusCode.Internal, ErrorKind.InvalidRequest, message));
}
