using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Relay.Grpc.Reflection;

/// <summary>Finds the .proto file of a name or a symbol among the files of some services and all that these import.</summary>
internal sealed class DescriptorIndex
{
    private readonly Dictionary<string, FileDescriptor> _files = [];
    private readonly Dictionary<string, FileDescriptor> _symbols = [];
    private readonly HashSet<string> _messages = [];

    public DescriptorIndex(IEnumerable<ServiceDescriptor> services)
    {
        foreach (var service in services)
        {
            Add(service.File);
        }
    }

    /// <summary>A file by its name, and all that it imports; empty when there is none.</summary>
    public IEnumerable<ByteString> FindFile(string name) => Closure(_files.GetValueOrDefault(name));

    /// <summary>The file that declares a full name, and all that it imports; empty when there is none.</summary>
    public IEnumerable<ByteString> FindSymbol(string name) => Closure(_symbols.GetValueOrDefault(name.TrimStart('.')));

    /// <summary>Is this the full name of a message?</summary>
    public bool HasMessage(string name) => _messages.Contains(name.TrimStart('.'));

    private void Add(FileDescriptor file)
    {
        if (!_files.TryAdd(file.Name, file))
        {
            return;
        }

        foreach (var service in file.Services)
        {
            _symbols[service.FullName] = file;
            foreach (var method in service.Methods)
            {
                _symbols[method.FullName] = file;
            }
        }

        foreach (var message in AllMessages(file.MessageTypes))
        {
            AddMessage(message, file);
        }

        foreach (var declared in file.EnumTypes)
        {
            AddEnum(declared, file);
        }

        foreach (var import in file.Dependencies)
        {
            Add(import);
        }
    }

    private void AddMessage(MessageDescriptor message, FileDescriptor file)
    {
        _symbols[message.FullName] = file;
        _messages.Add(message.FullName);
        foreach (var field in message.Fields.InDeclarationOrder())
        {
            _symbols[field.FullName] = file;
        }

        foreach (var oneof in message.Oneofs)
        {
            _symbols[oneof.FullName] = file;
        }

        foreach (var declared in message.EnumTypes)
        {
            AddEnum(declared, file);
        }
    }

    private void AddEnum(EnumDescriptor declared, FileDescriptor file)
    {
        _symbols[declared.FullName] = file;

        // The values of an enum are named as its siblings, not as its children.
        var scope = declared.FullName[..^declared.Name.Length];
        foreach (var value in declared.Values)
        {
            _symbols[scope + value.Name] = file;
        }
    }

    private static IEnumerable<MessageDescriptor> AllMessages(IEnumerable<MessageDescriptor> messages) =>
        messages.SelectMany(message => AllMessages(message.NestedTypes).Prepend(message));

    private static IEnumerable<ByteString> Closure(FileDescriptor? file)
    {
        var seen = new HashSet<string>();
        var waiting = new Queue<FileDescriptor>(file is null ? [] : [file]);
        while (waiting.TryDequeue(out var next))
        {
            if (!seen.Add(next.Name))
            {
                continue;
            }

            yield return next.SerializedData;
            foreach (var import in next.Dependencies)
            {
                waiting.Enqueue(import);
            }
        }
    }
}
