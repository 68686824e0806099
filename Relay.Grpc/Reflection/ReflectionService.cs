using Google.Protobuf;
using Google.Protobuf.Reflection;
using Relay.Grpc.Server;
using Relay.Grpc.Wire.Reflection;
using Asked = Relay.Grpc.Wire.Reflection.ServerReflectionRequest.MessageRequestOneofCase;

namespace Relay.Grpc.Reflection;

/// <summary>
/// <c>grpc.reflection.v1.ServerReflection</c>: tools such as grpcurl learn from it what can be called. It answers under the name
/// <c>v1alpha</c> too, whose messages are the same on the wire and which many tools still ask for.
/// </summary>
internal static class ReflectionService
{
    private const string Alpha = "grpc.reflection.v1alpha.ServerReflection";

    /// <summary>The service that describes these services and itself.</summary>
    public static GrpcService Create(IReadOnlyList<GrpcService> services)
    {
        var own = ReflectionReflection.Descriptor.Services[0];
        ServiceDescriptor[] all = [.. services.Select(service => service.Descriptor), own];
        var index = new DescriptorIndex(all);
        var names = all.Select(service => service.FullName).Order(StringComparer.Ordinal).ToArray();
        return new GrpcService(own) { Around = SmallRequests.Around }.Duplex<ServerReflectionRequest, ServerReflectionResponse>(
            "ServerReflectionInfo", (reader, writer, _) => ServeAsync(reader, writer, index, names), Alpha);
    }

    private static async ValueTask ServeAsync(
        IGrpcReader<ServerReflectionRequest> reader, IGrpcWriter<ServerReflectionResponse> writer, DescriptorIndex index, string[] names)
    {
        while (await reader.ReadAsync() is { } request)
        {
            var response = new ServerReflectionResponse { ValidHost = request.Host, OriginalRequest = request };
            Answer(request, response, index, names);
            await writer.WriteAsync(response);
        }
    }

    private static void Answer(ServerReflectionRequest request, ServerReflectionResponse response, DescriptorIndex index, string[] names)
    {
        switch (request.MessageRequestCase)
        {
            case Asked.FileByFilename:
                AnswerFiles(response, index.FindFile(request.FileByFilename), "file");
                break;
            case Asked.FileContainingSymbol:
                AnswerFiles(response, index.FindSymbol(request.FileContainingSymbol), "symbol");
                break;
            case Asked.FileContainingExtension:
                // proto3 has none.
                AnswerFiles(response, [], "extension");
                break;
            case Asked.AllExtensionNumbersOfType when index.HasMessage(request.AllExtensionNumbersOfType):
                response.AllExtensionNumbersResponse = new() { BaseTypeName = request.AllExtensionNumbersOfType };
                break;
            case Asked.AllExtensionNumbersOfType:
                AnswerFiles(response, [], "message");
                break;
            case Asked.ListServices:
                response.ListServicesResponse = new() { Service = { names.Select(name => new ServiceResponse { Name = name }) } };
                break;
            default:
                response.ErrorResponse = new() { ErrorCode = (int)GrpcStatusCode.InvalidArgument, ErrorMessage = "The request asks for nothing." };
                break;
        }
    }

    private static void AnswerFiles(ServerReflectionResponse response, IEnumerable<ByteString> files, string what)
    {
        var found = new FileDescriptorResponse { FileDescriptorProto = { files } };
        if (found.FileDescriptorProto.Count > 0)
        {
            response.FileDescriptorResponse = found;
        }
        else
        {
            response.ErrorResponse = new() { ErrorCode = (int)GrpcStatusCode.NotFound, ErrorMessage = $"There is no such {what}." };
        }
    }
}
