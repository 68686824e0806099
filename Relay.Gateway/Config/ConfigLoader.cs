using System.Security.Cryptography;
using System.Text.Json;
using Relay.Gateway.Config.Reading;

namespace Relay.Gateway.Config;

/// <summary>
/// Reads relay.json. Reports every error at once, each with its JSON path, what is wrong and what to write instead; only a file
/// that is not JSON at all has a single one. Fields: docs/config.md.
/// </summary>
public static class ConfigLoader
{
    /// <summary>The largest configuration file: 4 MiB.</summary>
    public const int MaxFileBytes = 4 * 1024 * 1024;

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path; relative to the working folder.</param>
    /// <param name="env">Where the file, the variables and the secret files are read.</param>
    public static ConfigResult Load(string path, IEnvironment env)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(env);
        var full = Path.GetFullPath(path, env.WorkingFolder);
        var file = env.ReadFile(full, MaxFileBytes);
        return file.Status switch
        {
            FileReadStatus.Ok => Parse(file.Bytes, full, env),
            FileReadStatus.Missing => new(new ConfigError("$", $"there is no file {full}", "correct the path")),
            FileReadStatus.TooLarge => new(TooLarge),
            _ => new(new ConfigError("$", $"the file {full} cannot be read", "let the user that runs Relay read it, and check that it is a file")),
        };
    }

    /// <summary>Reads the bytes of a file.</summary>
    /// <param name="utf8">JSON in UTF-8, with or without byte order mark; comments and trailing commas are allowed.</param>
    /// <param name="path">Its path, whose folder relative paths start from; null: they start from the working folder.</param>
    /// <param name="env">Where variables and secret files are read.</param>
    public static ConfigResult Parse(ReadOnlyMemory<byte> utf8, string? path, IEnvironment env)
    {
        ArgumentNullException.ThrowIfNull(env);
        if (utf8.Length > MaxFileBytes)
        {
            return new(TooLarge);
        }

        var json = JsonSyntax.WithoutMark(utf8);
        if (JsonSyntax.Check(json.Span) is { } error)
        {
            return new(error);
        }

        using var document = JsonDocument.Parse(json, JsonSyntax.DocumentOptions);
        var full = path is null ? null : Path.GetFullPath(path, env.WorkingFolder);
        var context = new ReadContext(env, full is null ? env.WorkingFolder : Path.GetDirectoryName(full) ?? env.WorkingFolder);
        var config = RootReader.Read(new JsonCursor(document.RootElement, "$", context)) with
        {
            Path = full,
            Version = Convert.ToHexStringLower(SHA256.HashData(utf8.Span))[..12],
        };
        return context.Errors.Count == 0 ? new(config) : new(context.Errors.ToImmutable());
    }

    private static ConfigError TooLarge => new("$", $"the file is larger than {MaxFileBytes / 1024 / 1024} MiB", "check that it is the right file; a configuration is small");
}
