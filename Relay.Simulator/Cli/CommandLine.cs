using System.Globalization;
using System.Net;

namespace Relay.Simulator;

/// <summary>Reads the process's arguments. All problems are collected, so that one run shows them all.</summary>
internal sealed class CommandLine
{
    private readonly List<string> _problems = [];
    private readonly List<(string Model, Fault Fault)> _faults = [];
    private readonly Func<string, string?> _environment;
    private SimulatorOptions _options = new();
    private string _firstToken = "0";
    private string _perToken = "0";
    private double _jitter;

    private CommandLine(Func<string, string?> environment) => _environment = environment;

    public SimulatorOptions Options => _options;

    public IReadOnlyList<(string Model, Fault Fault)> Faults => _faults;

    public IReadOnlyList<string> Problems => _problems;

    public bool HelpAsked { get; private set; }

    public static CommandLine Read(string[] args, Func<string, string?> environment)
    {
        var line = new CommandLine(environment);
        for (var i = 0; i < args.Length; i++)
        {
            var (name, value) = args[i].Split('=', 2) is [var n, var v] && n.StartsWith("--", StringComparison.Ordinal) ? (n, v) : (args[i], null);
            if (name is "--help" or "-h")
            {
                line.HelpAsked = true;
            }
            else if (line.Flag(name) is { } options)
            {
                line._options = options;
            }
            else if (value is null && ++i >= args.Length)
            {
                line._problems.Add($"{name} needs a value, or is no option");
            }
            else
            {
                line.Set(name, value ?? args[i]);
            }
        }

        line.SetLatency();
        line._problems.AddRange(line._options.Problems());
        return line;
    }

    private SimulatorOptions? Flag(string name) => name switch
    {
        "--coalesce" => _options with { CoalesceChunks = true },
        "--answers-by-model" => _options with { SameAnswerForEveryModel = false },
        "--no-rate-limit-headers" => _options with { RateLimitHeaders = false },
        _ => null,
    };

    private void Set(string name, string value)
    {
        try
        {
            _options = name switch
            {
                "--port" => _options with { Port = Number(value) },
                "--http2-port" => _options with { Http2Port = Number(value) },
                "--bind" => _options with { BindAddress = IPAddress.Parse(value) },
                "--name" => _options with { Name = value },
                "--seed" => _options with { Seed = Number(value) },
                "--words" => _options with { DefaultWords = Number(value) },
                "--words-per-chunk" => _options with { WordsPerChunk = Number(value) },
                "--pad-bytes" => _options with { PadResponseToBytes = Number(value) },
                "--embedding-dimensions" => _options with { EmbeddingDimensions = Number(value) },
                "--models" => _options with { Models = value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) },
                "--log-capacity" => _options with { LogCapacity = Number(value) },
                "--log-body-bytes" => _options with { LogBodyBytes = Number(value) },
                "--api-key" => _options with { ApiKey = Key(value) },
                _ => Other(name, value),
            };
        }
        catch (FormatException e)
        {
            _problems.Add($"{name}: {e.Message}");
        }
    }

    private SimulatorOptions Other(string name, string value)
    {
        switch (name)
        {
            case "--first-token-ms":
                _firstToken = value;
                break;
            case "--token-ms":
                _perToken = value;
                break;
            case "--jitter":
                _jitter = double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var jitter) && jitter <= 1
                    ? jitter : throw new FormatException($"'{value}' is not a number from 0 to 1");
                break;
            case "--fault":
                // The model's own name may contain colons; a fault's text has none.
                var colon = value.LastIndexOf(':');
                _faults.Add(colon > 0 ? (value[..colon], Fault.Parse(value[(colon + 1)..])) : throw new FormatException($"'{value}' is not MODEL:FAULT"));
                break;
            default:
                throw new FormatException("there is no such option; --help lists them");
        }

        return _options;
    }

    private void SetLatency()
    {
        try
        {
            _options = _options with { Latency = new LatencyOptions(Delay(_firstToken), Delay(_perToken)) };
        }
        catch (FormatException e)
        {
            _problems.Add($"--first-token-ms or --token-ms: {e.Message}");
        }
    }

    private Distribution Delay(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var ms) ? Distribution.Around(ms, _jitter) : Distribution.Parse(text);

    // A key on the command line would be seen by every user of the machine.
    private string Key(string value) =>
        !value.StartsWith("env:", StringComparison.Ordinal) ? throw new FormatException("write env:NAME, the name of a variable that holds the key")
        : _environment(value[4..]) is { Length: > 0 } key ? key
        : throw new FormatException($"the variable {value[4..]} is not set");

    private static int Number(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException($"'{value}' is not a whole number");
}
