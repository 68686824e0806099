namespace Relay.Gateway.Config;

/// <summary>The environment of this process: its variables, its working folder and its file system.</summary>
public sealed class ProcessEnvironment : IEnvironment
{
    /// <inheritdoc/>
    public string WorkingFolder => Directory.GetCurrentDirectory();

    /// <inheritdoc/>
    public string? GetVariable(string name) => Environment.GetEnvironmentVariable(name);

    /// <inheritdoc/>
    public bool FileExists(string path) => File.Exists(path);

    /// <inheritdoc/>
    public FileRead ReadFile(string path, int maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
        try
        {
            using var file = File.OpenRead(path);
            return ReadAtMost(file, maxBytes);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new(FileReadStatus.Missing);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            return new(FileReadStatus.Unreadable);
        }
    }

    /// <summary>Reads to the end instead of trusting the length, which is 0 for files such as those under /proc and for pipes.</summary>
    private static FileRead ReadAtMost(FileStream file, int maxBytes)
    {
        using var content = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (var read = file.Read(buffer); read > 0; read = file.Read(buffer))
        {
            if (content.Length + read > maxBytes)
            {
                return new(FileReadStatus.TooLarge);
            }

            content.Write(buffer, 0, read);
        }

        return new(FileReadStatus.Ok, content.ToArray(), IsOneTime: !file.CanSeek);
    }
}
