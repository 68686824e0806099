using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Relay.Gateway.Routing;
using Relay.Gateway.Telemetry;

namespace Relay.Gateway.Config;

/// <summary>Reads the file again and puts it in force when it is right; when it is wrong, everything stays as it was and the errors are told. Thread-safe.</summary>
internal sealed class ConfigReloader
{
    private static readonly ConfigError Internal = new("$", "Relay failed on this configuration", "report it; the log has more");

    private readonly Lock _gate = new();
    private readonly ConfigSource? _source;
    private readonly RoutingState _routing;
    private readonly TimeProvider _time;
    private readonly ILogger<ConfigReloader> _log;

    /// <summary>The files as they were at the last attempt, right or wrong.</summary>
    private ImmutableArray<ConfigFile> _seen;

    /// <summary>The last right file as it is written: what runs may differ in what takes effect at the next start only.</summary>
    private RelayConfig? _written;

    private ConfigStatus _status;

    public ConfigReloader(ConfigSource? source, RoutingState routing, TimeProvider time, ILogger<ConfigReloader> log)
    {
        _source = source;
        _routing = routing;
        _time = time;
        _log = log;
        _seen = source?.AsRead.Files ?? [];
        _written = source?.AsRead;
        _status = new(routing.Current.Config.Version, time.GetUtcNow(), LastAttempt: null, Applied: 0, Rejected: 0);
    }

    /// <summary>Raised after each attempt.</summary>
    public event Action<ConfigStatus>? Attempted;

    /// <summary>The file that is followed; null when none is.</summary>
    public string? Path => _source?.AsRead.Path;

    /// <summary>As of now.</summary>
    public ConfigStatus Status => Volatile.Read(ref _status);

    /// <summary>Reads the file and puts it in force when it is right.</summary>
    /// <param name="always">Also when neither it nor a secret file is another one than at the last attempt.</param>
    public ConfigStatus Check(bool always)
    {
        if (_source is not { AsRead.Path: { } path } source)
        {
            return Status;
        }

        ConfigStatus status;
        lock (_gate)
        {
            if (!always && !_seen.Any(file => file.HasChanged(source.Environment)))
            {
                return Status;
            }

            var result = ConfigLoader.Load(path, source.Environment);
            _seen = result.Files;
            var attempt = new ConfigAttempt(_time.GetUtcNow(), result.Version, result.Errors, result.IsValid ? AtNextStart(result.Config) : []);
            status = result.IsValid && TryApply(result.Config) is { } error ? Rejected(attempt with { Errors = [error] })
                : result.IsValid ? Applied(attempt, result.Config)
                : Rejected(attempt);
            Volatile.Write(ref _status, status);
        }

        Attempted?.Invoke(status);
        return status;
    }

    private ConfigError? TryApply(RelayConfig config)
    {
        var running = _routing.Current.Config;
        try
        {
            _routing.Swap(config with { Listen = running.Listen, DataDir = running.DataDir });
            return null;
        }
        catch (Exception e)
        {
            // A fault of ours must not take down what runs.
            Log.ConfigSwapFailed(_log, config.Version, e.GetType().Name);
            return Internal;
        }
    }

    private ConfigStatus Applied(ConfigAttempt attempt, RelayConfig config)
    {
        var table = _routing.Current;
        Log.ConfigApplied(_log, config.Version, table.Models.Count, table.States.Count, config.Keys.Length);
        foreach (var field in attempt.AtNextStart)
        {
            Log.ConfigAtNextStart(_log, field);
        }

        if (config.Keys.IsEmpty && !_written!.Keys.IsEmpty)
        {
            Log.LoopbackOnly(_log);
        }

        _written = config;
        var before = Status;
        return before with { Version = config.Version, LoadedAt = attempt.At, LastAttempt = attempt, Applied = before.Applied + 1 };
    }

    private ConfigStatus Rejected(ConfigAttempt attempt)
    {
        var before = Status;
        Log.ConfigRejected(_log, attempt.Version, attempt.Errors.Length, before.Version);
        foreach (var error in attempt.Errors)
        {
            Log.ConfigError(_log, error.Path, error.Message, error.Fix);
        }

        return before with { LastAttempt = attempt, Rejected = before.Rejected + 1 };
    }

    /// <summary>What this edit changes and a running process cannot. Put back to what runs is no news.</summary>
    private ImmutableArray<string> AtNextStart(RelayConfig config)
    {
        var (last, first) = (_written!, _source!.AsRead);
        return
        [
            .. Field("$.listen.gateway", c => c.Listen.Gateway),
            .. Field("$.listen.grpc", c => c.Listen.Grpc),
            .. Field("$.listen.api", c => c.Listen.Api),
            .. Field("$.listen.apiGrpc", c => c.Listen.ApiGrpc),
            .. Field("$.listen.apiHosts", c => string.Join('\n', c.Listen.ApiHosts)),
            .. Field("$.listen.minClientBytesPerSecond", c => c.Listen.MinClientBytesPerSecond),
            .. Field("$.listen.drain", c => c.Listen.Drain),
            .. Field("$.dataDir", c => c.DataDir),
        ];

        IEnumerable<string> Field(string name, Func<RelayConfig, object> value) =>
            !value(config).Equals(value(last)) && !value(config).Equals(value(first)) ? [name] : [];
    }
}
