namespace Relay.Gateway.Config;

/// <summary>All that reading a configuration takes from the process around it, so that tests need no globals.</summary>
public interface IEnvironment
{
    /// <summary>The absolute folder that relative paths of the command line start from.</summary>
    string WorkingFolder { get; }

    /// <summary>The value of an environment variable, or null when it is not set.</summary>
    /// <param name="name">Its name.</param>
    string? GetVariable(string name);

    /// <summary>True when there is a file, not a folder, at the path.</summary>
    /// <param name="path">An absolute path.</param>
    bool FileExists(string path);

    /// <summary>Reads a whole file. Does not throw for what a file system can do wrong.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="maxBytes">The largest size that is read.</param>
    FileRead ReadFile(string path, int maxBytes);

    /// <summary>True when this text is not what is there, but stands in for something that is not: no more can be told of it.</summary>
    /// <param name="text">A variable's value or a file's content.</param>
    bool IsStandIn(string text) => false;
}

/// <summary>What came of reading a file.</summary>
public enum FileReadStatus
{
    /// <summary>It was read.</summary>
    Ok,

    /// <summary>There is no file at that path.</summary>
    Missing,

    /// <summary>It is larger than was asked for.</summary>
    TooLarge,

    /// <summary>It is there, but this process may not or cannot read it.</summary>
    Unreadable,
}

/// <summary>A file's content, or why there is none.</summary>
/// <param name="Status">What came of it.</param>
/// <param name="Bytes">The content; empty unless it was read.</param>
/// <param name="IsOneTime">It came from a pipe or the like, which gives its content only once.</param>
public readonly record struct FileRead(FileReadStatus Status, ReadOnlyMemory<byte> Bytes = default, bool IsOneTime = false);
