using System.Collections.Immutable;

namespace Relay.Gateway.Config;

/// <summary>What became of an edit.</summary>
/// <param name="At">When it was read, UTC.</param>
/// <param name="Version">The version of the file that was read; <c>unreadable</c> when it could not be.</param>
/// <param name="Errors">What is wrong with it; empty when it was put in force.</param>
/// <param name="AtNextStart">The fields that changed and take effect at the next start: those of <c>$.listen</c>, and <c>$.dataDir</c>.</param>
public sealed record ConfigAttempt(DateTimeOffset At, string Version, ImmutableArray<ConfigError> Errors, ImmutableArray<string> AtNextStart)
{
    /// <summary>True when it was put in force.</summary>
    public bool IsApplied => Errors.IsEmpty;
}

/// <summary>Which configuration is in force, and what came of changing it. Immutable; the gateway gives a new one after each attempt.</summary>
/// <param name="Version">The version in force.</param>
/// <param name="LoadedAt">When it was put in force, UTC.</param>
/// <param name="LastAttempt">What became of the last edit; null when there was none since the start.</param>
/// <param name="Applied">Edits that were put in force since the start.</param>
/// <param name="Rejected">Edits that were rejected since the start.</param>
public sealed record ConfigStatus(string Version, DateTimeOffset LoadedAt, ConfigAttempt? LastAttempt, long Applied, long Rejected)
{
    /// <summary>The last edit, when it is wrong and so not in force; else null.</summary>
    public ConfigAttempt? Rejection => LastAttempt is { IsApplied: false } ? LastAttempt : null;

    /// <summary><c>config=VERSION</c>, and while the file is wrong <c>config=VERSION rejected=VERSION: N errors</c>.</summary>
    public override string ToString() => Rejection is not { } bad
        ? $"config={Version}"
        : $"config={Version} rejected={bad.Version}: {bad.Errors.Length} {(bad.Errors.Length == 1 ? "error" : "errors")}";
}
