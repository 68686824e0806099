using System.Text;
using Relay.Gateway.Config;

namespace Relay.Cli.Check;

/// <summary>An environment in which every variable is set and every secret file is there: what is missing gets a value of its own and a note.</summary>
internal sealed class LenientEnvironment(IEnvironment inner, string configPath) : IEnvironment
{
    private readonly Dictionary<string, string> _standIns = new(StringComparer.Ordinal);

    /// <summary>What was missing, in the order in which it was asked for.</summary>
    public List<string> Notes { get; } = [];

    public string WorkingFolder => inner.WorkingFolder;

    public string? GetVariable(string name) =>
        inner.GetVariable(name) is { Length: > 0 } value ? value : StandIn($"the environment variable '{name}' is not set");

    public bool FileExists(string path) => inner.FileExists(path);

    public FileRead ReadFile(string path, int maxBytes)
    {
        var read = inner.ReadFile(path, maxBytes);
        var why = read.Status switch
        {
            FileReadStatus.Missing => "is not there",
            FileReadStatus.Unreadable => "cannot be read",
            _ => null,
        };
        return why is null || path == configPath ? read : new(FileReadStatus.Ok, Encoding.ASCII.GetBytes(StandIn($"the secret file '{path}' {why}")));
    }

    public bool IsStandIn(string text) => _standIns.ContainsValue(text);

    /// <summary>Two secrets that are missing are still two: keys must differ. Long enough for the admin token.</summary>
    private string StandIn(string note)
    {
        if (!_standIns.TryGetValue(note, out var value))
        {
            _standIns[note] = value = $"missing-secret-{_standIns.Count + 1}";
            Notes.Add(note);
        }

        return value;
    }
}
