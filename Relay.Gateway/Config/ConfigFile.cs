using System.Security.Cryptography;

namespace Relay.Gateway.Config;

/// <summary>A file that a configuration was made of: its own, or one that holds a secret. Of the content there is only a digest.</summary>
/// <param name="Path">Its absolute path.</param>
/// <param name="MaxBytes">The largest size that is read.</param>
/// <param name="Status">What came of reading it.</param>
/// <param name="Sha256">SHA-256 of the content in hexadecimal digits; of nothing when it could not be read.</param>
/// <param name="IsOneTime">It cannot be read again.</param>
public sealed record ConfigFile(string Path, int MaxBytes, FileReadStatus Status, string Sha256, bool IsOneTime)
{
    /// <summary>Notes what was read.</summary>
    /// <param name="path">The absolute path.</param>
    /// <param name="maxBytes">The largest size that is read.</param>
    /// <param name="read">What came of it.</param>
    public static ConfigFile Of(string path, int maxBytes, FileRead read) =>
        new(path, maxBytes, read.Status, Convert.ToHexStringLower(SHA256.HashData(read.Bytes.Span)), read.IsOneTime);

    /// <summary>Reads it again and says whether it is another one now.</summary>
    /// <param name="environment">Where it is read.</param>
    public bool HasChanged(IEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return !IsOneTime && Of(Path, MaxBytes, environment.ReadFile(Path, MaxBytes)) != this;
    }
}
