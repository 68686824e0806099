using System.Globalization;

namespace Relay.Load.Cli;

/// <summary>A command and its <c>--name value</c> options.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, List<string>> _options = [];

    private Arguments(string command) => Command = command;

    /// <summary>The first word.</summary>
    public string Command { get; }

    /// <summary>Reads a command line.</summary>
    /// <exception cref="UsageException">An option is not known to the command, or lacks its value.</exception>
    public static Arguments Read(string[] args)
    {
        var command = args.FirstOrDefault(a => !a.StartsWith('-')) ?? "";
        var read = new Arguments(args.Any(a => a is "--help" or "-h") ? "" : command);
        var known = Help.Options(read.Command);
        for (var i = Array.IndexOf(args, command) + 1; read.Command.Length > 0 && i < args.Length; i++)
        {
            var name = args[i].TrimStart('-');
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || !known.TryGetValue(name, out var needsValue))
            {
                throw new UsageException($"{command} has no option '{args[i]}'; --help lists them.");
            }

            if (needsValue && ++i == args.Length)
            {
                throw new UsageException($"--{name} needs a value.");
            }

            read._options.TryAdd(name, []);
            read._options[name].Add(needsValue ? args[i] : "");
        }

        return read;
    }

    /// <summary>The option is there.</summary>
    public bool Has(string name) => _options.ContainsKey(name);

    /// <summary>All its values.</summary>
    public IReadOnlyList<string> All(string name) => _options.TryGetValue(name, out var values) ? values : [];

    /// <summary>Its last value, or null.</summary>
    public string? Text(string name) => All(name) is [.., var last] ? last : null;

    /// <summary>Its value as a whole number.</summary>
    public int Whole(string name, int otherwise) => (int)Number(name, otherwise);

    /// <summary>Its value as a number.</summary>
    public double Number(string name, double otherwise) => Text(name) is not { } text ? otherwise
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= 0 ? value
        : throw new UsageException($"--{name}: '{text}' is not a number from 0 on.");

    /// <summary>Its value as seconds.</summary>
    public TimeSpan Seconds(string name, double otherwise) => TimeSpan.FromSeconds(Number(name, otherwise));
}

/// <summary>A wrong command line; the message says what to do.</summary>
internal sealed class UsageException(string message) : Exception(message);
