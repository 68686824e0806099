namespace Relay.TestKit;

/// <summary>What a test needs from the machine. Missing on a laptop: skipped, saying what to install; missing under CI=true: failed.</summary>
public static class Require
{
    /// <summary>True where a missing tool is a failure.</summary>
    public static bool IsCi => string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The path of a program on PATH, or null.</summary>
    public static string? FindProgram(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    /// <summary>The reason to skip, or null when the program is there or its absence must fail (CI).</summary>
    public static string? SkipReason(string program, string howToGet) =>
        FindProgram(program) is not null || IsCi ? null : $"{program} is not on PATH: {howToGet}";
}
