using System.CommandLine;
using System.CommandLine.Parsing;
using Relay.Gateway.Config;

namespace Relay.Cli.Check;

/// <summary><c>relay check FILE</c>: everything that starting Relay with the file would say of it, without starting.</summary>
internal static class CheckCommand
{
    private const string Description = """
        Checks a configuration without starting Relay: prints every error with its place and its fix, or a summary.

        Exit code: 0 when it is right, 2 when it is wrong or not there.
        """;

    public static Command Create(IEnvironment environment)
    {
        var file = new Argument<string?>("FILE")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "The file; left out: the one that Relay would start with (RELAY_CONFIG, else relay.json in this folder).",
        };
        file.Validators.Add(RefuseOptions);
        var json = new Option<bool>("--json") { Description = "Print one JSON object instead of text." };
        var noEnv = new Option<bool>("--no-env") { Description = "Accept variables that are not set and secret files that are not there, with a note." };
        var command = new Command("check", Description) { file, json, noEnv };
        command.SetAction(parsed =>
        {
            var report = Check(parsed.GetValue(file), parsed.GetValue(noEnv), environment);
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
            {
                output.WriteLine(CheckJson.Write(report));
            }
            else
            {
                (report.IsValid ? output : parsed.InvocationConfiguration.Error).WriteLine(CheckText.Write(report));
            }

            return report.IsValid ? RelayCommand.Ok : RelayCommand.BadInput;
        });
        return command;
    }

    /// <summary>A misspelt option would otherwise be taken for the file.</summary>
    private static void RefuseOptions(ArgumentResult result)
    {
        if (result.Tokens is [{ Value: ['-', ..] option }])
        {
            result.AddError($"There is no option '{option}'.");
        }
    }

    private static CheckReport Check(string? file, bool noEnv, IEnvironment environment)
    {
        var location = ConfigLocator.Find(file is null ? [] : [ConfigLocator.Argument + "=" + file], environment);
        if (location.Error is { } error)
        {
            return new(file, new ConfigResult(file is null ? error : error with { Path = "$", Message = $"there is no file {Path.GetFullPath(file, environment.WorkingFolder)}", Fix = "correct the path" }), []);
        }

        if (location.Path is null)
        {
            return new(null, new ConfigResult(new ConfigError("$", "there is no relay.json in this folder", "name the file: relay check FILE")), []);
        }

        if (!noEnv)
        {
            return new(location.Path, ConfigLoader.Load(location.Path, environment), []);
        }

        var lenient = new LenientEnvironment(environment, location.Path);
        var result = ConfigLoader.Load(location.Path, lenient);
        return new(location.Path, result, [.. lenient.Notes]);
    }
}

/// <summary>What a check found.</summary>
/// <param name="File">The file's absolute path; as it was written when it is not there; null when there is none.</param>
/// <param name="Result">The configuration or its errors.</param>
/// <param name="Notes">What was accepted under <c>--no-env</c>.</param>
internal sealed record CheckReport(string? File, ConfigResult Result, IReadOnlyList<string> Notes)
{
    public bool IsValid => Result.IsValid;
}
