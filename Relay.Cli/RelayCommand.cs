using System.CommandLine;
using Relay.Cli.Check;
using Relay.Cli.CommandLine;
using Relay.Cli.Status;
using Relay.Cli.Top;
using Relay.Gateway.Config;

namespace Relay.Cli;

/// <summary>The command line of <c>relay</c>: one command for each job. docs/cli.md describes it.</summary>
public static class RelayCommand
{
    /// <summary>The exit code when all went well.</summary>
    public const int Ok = 0;

    /// <summary>The exit code when the answer is there and is not good: <c>relay status</c> of a Relay that is degraded.</summary>
    public const int Degraded = 1;

    /// <summary>The exit code for a wrong command line or configuration.</summary>
    public const int BadInput = 2;

    /// <summary>The exit code when the server gives no answer.</summary>
    public const int Unreachable = 3;

    /// <summary>Runs a command line, without a terminal to draw on.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="environment">Where files and variables are read.</param>
    /// <param name="output">Receives what was asked for.</param>
    /// <param name="errors">Receives what went wrong.</param>
    /// <returns>The exit code: one of this class.</returns>
    public static int Run(IReadOnlyList<string> args, IEnvironment environment, TextWriter output, TextWriter errors) =>
        Run(args, environment, output, errors, TimeProvider.System, null);

    /// <summary>Runs a command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="environment">Where files and variables are read.</param>
    /// <param name="output">Receives what was asked for.</param>
    /// <param name="errors">Receives what went wrong.</param>
    /// <param name="time">The clock.</param>
    /// <param name="terminal">Where output goes, when it can be drawn on.</param>
    internal static int Run(IReadOnlyList<string> args, IEnvironment environment, TextWriter output, TextWriter errors, TimeProvider time, ITerminal? terminal)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(errors);
        var root = new RootCommand("Relay's command line: looks after a Relay without being one.")
        {
            TopCommand.Create(time, terminal),
            StatusCommand.Create(time),
            CheckCommand.Create(environment),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            errors.WriteLine($"relay: {Explain(parsed)}");
            return BadInput;
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration { Output = output, Error = errors, EnableDefaultExceptionHandler = false });
        }
        catch (IOException)
        {
            // Whoever read the output has left, as `head` does, or a terminal that was closed.
            return Ok;
        }
    }

    private static string Explain(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var isRoot = command is RootCommand;
        return $"{Problem(parsed, command, isRoot)} See '{(isRoot ? "relay --help" : $"relay {command.Name} --help")}'.";
    }

    private static string Problem(ParseResult parsed, Command command, bool isRoot) => parsed.UnmatchedTokens switch
    {
        [['-', _, ..] option, ..] => $"There is no option '{option}'.{Suggestion.For(option, Suggestion.Options(command))}",
        [var token, ..] when isRoot => $"there is no command '{token}'.{Suggestion.For(token, command.Subcommands.Select(known => known.Name))}",
        [var token, ..] => $"'{token}' is one argument too many.",
        _ => parsed.Errors[0].Message,
    };
}
