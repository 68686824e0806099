namespace Relay.Gateway.Config;

/// <summary>
/// Tells when something happened to a file: edited in place, replaced by a rename, removed, made again, or reached over another
/// symlink in its folder, which is how Kubernetes updates a mounted volume (<c>..data</c>). Where the system cannot watch, it tells nothing.
/// </summary>
internal sealed class FolderEvents : IDisposable
{
    private readonly FileSystemWatcher? _watcher;
    private readonly string _name;
    private readonly Action _tell;

    /// <summary>Starts to watch.</summary>
    /// <param name="path">The file's absolute path.</param>
    /// <param name="tell">Called on any thread, often several times for one edit.</param>
    public FolderEvents(string path, Action tell)
    {
        _name = Path.GetFileName(path);
        _tell = tell;
        try
        {
            _watcher = new FileSystemWatcher(Path.GetDirectoryName(path)!)
            {
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.CreationTime,
            };
            _watcher.Changed += OnEvent;
            _watcher.Created += OnEvent;
            _watcher.Deleted += OnEvent;
            _watcher.Renamed += OnRenamed;
            _watcher.Error += OnError;
            _watcher.EnableRaisingEvents = true;
        }
        catch (Exception e) when (e is IOException or ArgumentException or PlatformNotSupportedException or UnauthorizedAccessException)
        {
            // No such folder, or the system's limit on watches is reached.
            _watcher?.Dispose();
            _watcher = null;
        }
    }

    /// <summary>False where the system cannot watch.</summary>
    public bool IsWatching => _watcher is not null;

    /// <inheritdoc/>
    public void Dispose() => _watcher?.Dispose();

    private void OnEvent(object sender, FileSystemEventArgs e) => TellOf(e.Name);

    private void OnRenamed(object sender, RenamedEventArgs e)
    {
        TellOf(e.Name);
        TellOf(e.OldName);
    }

    /// <summary>Events were lost: any of them may have been ours.</summary>
    private void OnError(object sender, ErrorEventArgs e) => _tell();

    private void TellOf(string? name)
    {
        // Other files of the folder may be written all the time, such as a log.
        if (name == _name || name?.StartsWith("..", StringComparison.Ordinal) == true)
        {
            _tell();
        }
    }
}
