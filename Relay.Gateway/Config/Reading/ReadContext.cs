using System.Collections.Immutable;

namespace Relay.Gateway.Config.Reading;

/// <summary>What all readers of one file share: the environment, the folder that paths start from, and the errors so far.</summary>
internal sealed class ReadContext(IEnvironment environment, string folder)
{
    public IEnvironment Environment { get; } = environment;

    /// <summary>The absolute folder of the configuration file.</summary>
    public string Folder { get; } = folder;

    public ErrorList Errors { get; } = new();

    /// <summary>The secret files that were read, each once.</summary>
    public List<ConfigFile> SecretFiles { get; } = [];

    /// <summary>Reads a secret file and notes it.</summary>
    public FileRead ReadSecret(string path, int maxBytes)
    {
        var read = Environment.ReadFile(path, maxBytes);
        if (!SecretFiles.Exists(file => file.Path == path))
        {
            SecretFiles.Add(ConfigFile.Of(path, maxBytes, read));
        }

        return read;
    }
}

/// <summary>The errors of one file, at most <see cref="Max"/>: a wrong file of 4 MiB could have a million.</summary>
internal sealed class ErrorList
{
    public const int Max = 1000;

    private readonly List<ConfigError> _errors = [];

    /// <summary>Errors found, those past <see cref="Max"/> included.</summary>
    public int Count { get; private set; }

    /// <summary>True when further errors are only counted, so that describing them well is wasted.</summary>
    public bool IsFull => Count >= Max;

    public void Add(string path, string message, string fix)
    {
        Count++;
        if (Count <= Max)
        {
            _errors.Add(new(path, message, fix));
        }
    }

    public ImmutableArray<ConfigError> ToImmutable() => Count <= Max
        ? [.. _errors]
        : [.. _errors, new("$", $"there are {Count - Max} more errors", "correct these first")];
}
