using System.CommandLine;
using Relay.Cli.Check;
using Relay.Gateway.Config;

namespace Relay.Cli;

/// <summary>The command line of <c>relay</c>: one command for each job.</summary>
public static class RelayCommand
{
    /// <summary>The exit code when all went well.</summary>
    public const int Ok = 0;

    /// <summary>The exit code for a wrong command line or configuration.</summary>
    public const int BadInput = 2;

    /// <summary>Runs a command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="environment">Where files and variables are read.</param>
    /// <param name="output">Receives what was asked for.</param>
    /// <param name="errors">Receives what went wrong.</param>
    /// <returns>The exit code: 0, or 2 for a wrong command line or configuration.</returns>
    public static int Run(IReadOnlyList<string> args, IEnvironment environment, TextWriter output, TextWriter errors)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(errors);
        var root = new RootCommand("Relay's command line: looks after a Relay without being one.") { CheckCommand.Create(environment) };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            errors.WriteLine($"relay: {Explain(parsed)}");
            return BadInput;
        }

        return parsed.Invoke(new InvocationConfiguration { Output = output, Error = errors });
    }

    private static string Explain(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var isRoot = command is RootCommand;
        var problem = parsed.UnmatchedTokens is [var token, ..]
            ? isRoot ? $"there is no command '{token}'." : $"'{token}' is one argument too many."
            : parsed.Errors[0].Message;
        return $"{problem} See '{(isRoot ? "relay --help" : $"relay {command.Name} --help")}'.";
    }
}
