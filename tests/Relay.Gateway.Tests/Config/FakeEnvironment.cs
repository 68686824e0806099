using System.Text;
using Relay.Gateway.Config;

namespace Relay.Gateway.Tests.Config;

/// <summary>Variables and files that a test makes up.</summary>
internal sealed class FakeEnvironment : IEnvironment
{
    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Unreadable { get; } = new(StringComparer.Ordinal);

    public string WorkingFolder { get; set; } = "/relay";

    public FakeEnvironment Variable(string name, string value)
    {
        Variables[name] = value;
        return this;
    }

    public FakeEnvironment File(string path, string content)
    {
        Files[path] = Encoding.UTF8.GetBytes(content);
        return this;
    }

    public string? GetVariable(string name) => Variables.GetValueOrDefault(name);

    public bool FileExists(string path) => Files.ContainsKey(path);

    public FileRead ReadFile(string path, int maxBytes)
    {
        if (Unreadable.Contains(path))
        {
            return new(FileReadStatus.Unreadable);
        }

        if (!Files.TryGetValue(path, out var bytes))
        {
            return new(FileReadStatus.Missing);
        }

        return bytes.Length > maxBytes ? new(FileReadStatus.TooLarge) : new(FileReadStatus.Ok, bytes);
    }
}
