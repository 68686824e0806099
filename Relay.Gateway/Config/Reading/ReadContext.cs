using System.Collections.Immutable;

namespace Relay.Gateway.Config.Reading;

/// <summary>What all readers of one file share: the environment, the folder that paths start from, and the errors so far.</summary>
internal sealed class ReadContext(IEnvironment environment, string folder)
{
    public IEnvironment Environment { get; } = environment;

    /// <summary>The absolute folder of the configuration file.</summary>
    public string Folder { get; } = folder;

    public ErrorList Errors { get; } = new();
}

/// <summary>The errors of one file, at most <see cref="Max"/>: a wrong file of 4 MiB could have a million.</summary>
internal sealed class ErrorList
{
    public const int Max = 1000;

    private readonly List<ConfigError> _errors = [];

    /// <summary>Errors found, those past <see cref="Max"/> included.</summary>
    public int Count { get; private set; }

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
