using System.Collections.Immutable;
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
        var self = ConfigFile.Of(full, MaxFileBytes, file);
        ConfigError? error = file.Status switch
        {
            FileReadStatus.Ok => null,
            FileReadStatus.Missing => new("$", $"there is no file {full}", "correct the path"),
            FileReadStatus.TooLarge => TooLarge,
            _ => new("$", $"the file {full} cannot be read", "let the user that runs Relay read it, and check that it is a file"),
        };
        return error is null ? Read(file.Bytes, self, full, env) : new(error) { Files = [self] };
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

        var full = path is null ? null : Path.GetFullPath(path, env.WorkingFolder);
        return Read(utf8, full is null ? null : ConfigFile.Of(full, MaxFileBytes, new(FileReadStatus.Ok, utf8)), full, env);
    }

    private static ConfigResult Read(ReadOnlyMemory<byte> utf8, ConfigFile? self, string? path, IEnvironment env)
    {
        var version = Convert.ToHexStringLower(SHA256.HashData(utf8.Span))[..12];
        var json = JsonSyntax.WithoutMark(utf8);
        if (JsonSyntax.Check(json.Span) is { } error)
        {
            return new(error) { Version = version, Files = self is null ? [] : [self] };
        }

        using var document = JsonDocument.Parse(json, JsonSyntax.DocumentOptions);
        var context = new ReadContext(env, path is null ? env.WorkingFolder : Path.GetDirectoryName(path) ?? env.WorkingFolder);
        var config = RootReader.Read(new JsonCursor(document.RootElement, "$", context));
        ImmutableArray<ConfigFile> files = self is null ? [.. context.SecretFiles] : [self, .. context.SecretFiles];
        return context.Errors.Count == 0
            ? new(config with { Path = path, Version = version, Files = files })
            : new(context.Errors.ToImmutable()) { Version = version, Files = files };
    }

    private static ConfigError TooLarge => new("$", $"the file is larger than {MaxFileBytes / 1024 / 1024} MiB", "check that it is the right file; a configuration is small");
}
