namespace Relay.Gateway.Config;

/// <summary>Where the configuration file is.</summary>
/// <param name="Path">Its absolute path; null when there is none, which means the demo, or when there is an error.</param>
/// <param name="Error">A file was named that is not there.</param>
public sealed record ConfigLocation(string? Path, ConfigError? Error);

/// <summary>
/// Finds the configuration file: <c>--config PATH</c> (or <c>--config=PATH</c>), else the variable <c>RELAY_CONFIG</c>, else
/// <c>relay.json</c> in the working folder, else none. Whoever names a file must get that file: it is an error when it is not there.
/// </summary>
public static class ConfigLocator
{
    /// <summary>The argument that names the file.</summary>
    public const string Argument = "--config";

    /// <summary>The environment variable that names the file; empty counts as not set.</summary>
    public const string Variable = "RELAY_CONFIG";

    /// <summary>The file that is looked for in the working folder when none is named.</summary>
    public const string DefaultFileName = "relay.json";

    /// <summary>Finds the file.</summary>
    /// <param name="args">The command line's arguments.</param>
    /// <param name="env">Where variables and files are looked up.</param>
    public static ConfigLocation Find(IReadOnlyList<string> args, IEnvironment env)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(env);
        var named = FromArguments(args);
        if (named.Count > 1)
        {
            return Failed(Argument, "is there more than once", "keep one of them");
        }

        if (named.Count == 1)
        {
            return string.IsNullOrWhiteSpace(named[0])
                ? Failed(Argument, "names no file", $"write {Argument} PATH, for example {Argument} {DefaultFileName}")
                : Named(Argument, named[0]!, env);
        }

        if (env.GetVariable(Variable) is { } variable && !string.IsNullOrWhiteSpace(variable))
        {
            return Named(Variable, variable, env);
        }

        var path = Path.Combine(env.WorkingFolder, DefaultFileName);
        return new(env.FileExists(path) ? path : null, null);
    }

    /// <summary>Every path that the arguments name; null for one that is left out.</summary>
    private static List<string?> FromArguments(IReadOnlyList<string> args)
    {
        var named = new List<string?>();
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] == Argument)
            {
                i++;
                named.Add(i < args.Count && !args[i].StartsWith("--", StringComparison.Ordinal) ? args[i] : null);
            }
            else if (args[i].StartsWith(Argument + "=", StringComparison.Ordinal))
            {
                named.Add(args[i][(Argument.Length + 1)..]);
            }
        }

        return named;
    }

    private static ConfigLocation Named(string by, string path, IEnvironment env)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            return Failed(by, "names a path with a zero byte", "write the path of a file");
        }

        var full = Path.GetFullPath(path, env.WorkingFolder);
        return env.FileExists(full)
            ? new(full, null)
            : Failed(by, $"names a configuration file that is not there: looked for {full}", $"correct the path, or leave {by} out to use {DefaultFileName} in the working folder or the demo");
    }

    private static ConfigLocation Failed(string by, string message, string fix) => new(null, new(by, message, fix));
}
