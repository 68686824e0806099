using Google.Protobuf;
using Google.Protobuf.Reflection;
using Relay.Grpc.Wire.Rpc;
using Relay.V1;

namespace Relay.Gateway.Tests.Kit;

/// <summary>The .proto files of chat and of errors, compiled, as a FileDescriptorSet: those that others import come first.</summary>
internal sealed class DescriptorFile : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("relay-chat-");

    public string Path => System.IO.Path.Combine(_folder.FullName, "descriptors");

    public static async Task<DescriptorFile> WriteAsync()
    {
        FileDescriptor[] own = [TokensReflection.Descriptor, ChatReflection.Descriptor, StatusReflection.Descriptor, ErrorDetailsReflection.Descriptor];
        var all = own.SelectMany(file => file.Dependencies).Concat(own).DistinctBy(file => file.Name);
        var set = new FileDescriptorSet { File = { all.Select(file => FileDescriptorProto.Parser.ParseFrom(file.SerializedData)) } };
        var written = new DescriptorFile();
        await File.WriteAllBytesAsync(written.Path, set.ToByteArray());
        return written;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
