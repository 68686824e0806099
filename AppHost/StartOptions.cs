using Relay.Gateway.Config;

namespace Relay.AppHost;

/// <summary>What the command line asks for: a configuration, the demo, or a text and an exit code.</summary>
/// <param name="Config">The configuration; null: the demo.</param>
/// <param name="Text">A text to print instead of running, or null.</param>
/// <param name="ExitCode">The exit code after the text: 0 for help, 2 for an error.</param>
public sealed record StartOptions(RelayConfig? Config, string? Text, int ExitCode)
{
    /// <summary>The exit code for a wrong command line or configuration.</summary>
    public const int BadInput = 2;

    private const string Help = """
        Relay: one OpenAI-compatible endpoint in front of all your models.

        Usage: dotnet run --project AppHost [-- OPTIONS]

        Options:
          --config PATH   the configuration file; otherwise RELAY_CONFIG, otherwise relay.json in
                          this folder, otherwise the demo on two simulated providers
          --help          this text

        Environment:
          RELAY_CONFIG        path of the configuration file
          RELAY_LOG           text (default) or json
          RELAY_LOG_REQUESTS  true: one line at information for each request (default false)
          RELAY_LOG_LEVEL     trace, debug, information (default), warning, error, critical, none
          OTEL_EXPORTER_OTLP_ENDPOINT  where spans, metrics and logs go; more in docs/telemetry.md

        The configuration is described in docs/config.md.
        """;

    /// <summary>Reads the command line and the configuration that it leads to. Every error of the configuration is told at once.</summary>
    public static StartOptions Read(IReadOnlyList<string> args, IEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(environment);
        if (args.Any(a => a is "--help" or "-h" or "-?"))
        {
            return new(null, Help, 0);
        }

        if (FirstUnknown(args) is { } unknown)
        {
            return new(null, $"relay: there is no option '{unknown}'.\n\n{Help}", BadInput);
        }

        var location = ConfigLocator.Find(args, environment);
        if (location.Error is { } error)
        {
            return new(null, $"relay: {error}", BadInput);
        }

        if (location.Path is null)
        {
            return new(null, null, 0);
        }

        var result = ConfigLoader.Load(location.Path, environment);
        return result.IsValid ? new(result.Config, null, 0) : new(null, Explain(location.Path, result), BadInput);
    }

    private static string Explain(string path, ConfigResult result)
    {
        var count = result.Errors.Length == 1 ? "an error" : $"{result.Errors.Length} errors";
        return $"relay: {path} has {count}; nothing was started.\n\n{result.Explain()}\n";
    }

    private static string? FirstUnknown(IReadOnlyList<string> args)
    {
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] == ConfigLocator.Argument)
            {
                i++;
            }
            else if (!args[i].StartsWith(ConfigLocator.Argument + "=", StringComparison.Ordinal))
            {
                return args[i];
            }
        }

        return null;
    }
}
