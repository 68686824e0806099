using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Relay.Gateway.Config;

/// <summary>One thing that is wrong with a configuration. No part of it ever holds a secret.</summary>
/// <param name="Path">Where: a JSON path such as <c>$.models.chat-default.targets[1]</c>, <c>$</c> for the file itself, or the argument or variable that named the file.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Fix">What to write instead.</param>
public sealed record ConfigError(string Path, string Message, string Fix)
{
    /// <summary>All three on one line.</summary>
    public override string ToString() => $"{Path}: {Message}; {Fix}";
}

/// <summary>What came of reading a configuration: the configuration, or every error that it has.</summary>
public sealed class ConfigResult
{
    /// <summary>A configuration without errors.</summary>
    /// <param name="config">The configuration.</param>
    public ConfigResult(RelayConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        Config = config;
        Errors = [];
        Version = config.Version;
        Files = config.Files;
    }

    /// <summary>A configuration with errors.</summary>
    /// <param name="errors">At least one.</param>
    public ConfigResult(params ImmutableArray<ConfigError> errors)
    {
        ArgumentOutOfRangeException.ThrowIfZero(errors.Length, nameof(errors));
        Errors = errors;
    }

    /// <summary>True when there is a configuration, and so no error.</summary>
    [MemberNotNullWhen(true, nameof(Config))]
    public bool IsValid => Config is not null;

    /// <summary>The configuration, or null when there are errors.</summary>
    public RelayConfig? Config { get; }

    /// <summary>The version of the file, right or wrong; <c>unreadable</c> when it could not be read.</summary>
    public string Version { get; init; } = "unreadable";

    /// <summary>The files that were read for it, its own first.</summary>
    public ImmutableArray<ConfigFile> Files { get; init; } = [];

    /// <summary>Every error, in the order in which sections are read; empty when there is a configuration.</summary>
    public ImmutableArray<ConfigError> Errors { get; }

    /// <summary>Every error on three lines of its own: where, what, and how to mend it. For people.</summary>
    public string Explain() => string.Join('\n', Errors.Select(e => $"  {e.Path}\n      {e.Message}\n      fix: {e.Fix}"));

    /// <summary>The version of the configuration, or the errors, one on each line.</summary>
    public override string ToString() => IsValid ? $"configuration {Config.Version}" : string.Join('\n', Errors);
}
