using Microsoft.Extensions.Logging;
using Relay.Gateway.Config;
using Relay.Gateway.Recording;
using Relay.Gateway.Telemetry;
using Relay.Gateway.Upstream;
using Relay.Silo.Grains;

namespace Relay.Gateway.Routing;

/// <summary>
/// Holds the <see cref="RoutingTable"/> in force, and those before it that requests still hold.
/// <code><![CDATA[
///   Swap: build next (reusing what is unchanged) --> in force --> old one drains --> dropped: its own connections close,
///                                                                (last request ended    its own meters are flushed
///                                                                 or longest total past) one last time
/// ]]></code>
/// A request takes a lease on the table once and keeps to it: a swap is between requests, never within one.
/// </summary>
internal sealed class RoutingState : ITopology, IDisposable
{
    /// <summary>Beyond the longest total limit: a record may wait for its sinks, and a timer may be late.</summary>
    private static readonly TimeSpan DrainSlack = Recorder.Grace + TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly ILogger<RoutingState> _log;
    private readonly TableBuilder _builder;

    /// <summary>The tables that are alive, newest first.</summary>
    private readonly List<RoutingTable> _alive = [];

    private RoutingTable _current;
    private MeterList _meters;
    private MeterList _gone = MeterList.Empty;
    private bool _disposed;

    public RoutingState(RelayConfig config, TableParts parts, TimeProvider time, Sampler sampler, ILogger<RoutingState> log)
    {
        _time = time;
        _log = log;
        _builder = new(parts, time, sampler, log);
        _current = _builder.Build(config, _alive);
        _alive.Add(_current);
        _meters = MeterList.Of(_alive);
    }

    /// <summary>The table in force, for a look at it. What is served from it must <see cref="Enter"/>.</summary>
    public RoutingTable Current => Volatile.Read(ref _current);

    /// <summary>The meters that requests can still count in, and, once each, those that they no longer can.</summary>
    public MetersToFlush TakeMeters()
    {
        lock (_gate)
        {
            var gone = _gone;
            _gone = MeterList.Empty;
            return new(_meters, gone);
        }
    }

    /// <summary>Tables that are out of force, but not drained yet.</summary>
    public int Draining
    {
        get
        {
            lock (_gate)
            {
                return _alive.Count - 1;
            }
        }
    }

    /// <inheritdoc/>
    public string ConfigVersion => Current.Config.Version;

    /// <inheritdoc/>
    public IReadOnlyList<ModelTopology> Models => Current.Topology;

    /// <inheritdoc/>
    public IReadOnlyList<ProviderReport> Providers =>
    [
        .. Current.Clients.Values
            .OrderBy(c => c.Options.Name, StringComparer.Ordinal)
            .Select(c => new ProviderReport(c.Options.Name, c.Options.Dialect.ToString().ToLowerInvariant(), c.Credentials.Report(_time))),
    ];

    /// <summary>Takes a lease on the table in force; <see cref="Leave"/> gives it back.</summary>
    public RoutingTable Enter()
    {
        while (true)
        {
            // Fails only when a swap came in between: then there is a newer one.
            var table = Current;
            if (table.TryEnter())
            {
                return table;
            }
        }
    }

    /// <summary>The request is through with its table.</summary>
    public void Leave(RoutingTable table)
    {
        if (table.Leave())
        {
            Drop(table);
        }
    }

    /// <summary>Puts another configuration in force. Breakers, meters, connections and rates of what is unchanged go on.</summary>
    public void Swap(RelayConfig config)
    {
        RoutingTable old;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            old = _current;
            var next = _builder.Build(config, _alive);
            _alive.Insert(0, next);
            _meters = MeterList.Of(_alive);
            Volatile.Write(ref _current, next);
            old.Bound = _time.CreateTimer(_ => Drop(old), null, LongestStay(old), Timeout.InfiniteTimeSpan);
        }

        Leave(old);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (var table in _alive)
            {
                table.Bound?.Dispose();
            }

            foreach (var client in _alive.SelectMany(t => t.Clients.Values).Distinct())
            {
                client.Dispose();
            }

            _alive.Clear();
        }
    }

    private static TimeSpan LongestStay(RoutingTable table) =>
        table.Models.Values.Select(m => m.Options.Timeouts.Total).DefaultIfEmpty(TimeSpan.Zero).Max() + DrainSlack;

    /// <summary>Nobody holds it any more, or nobody should: what no other table needs goes with it.</summary>
    private void Drop(RoutingTable table)
    {
        var gone = new List<ProviderClient>();
        lock (_gate)
        {
            if (!_alive.Remove(table))
            {
                return;
            }

            table.Bound?.Dispose();
            var before = _meters;
            _meters = MeterList.Of(_alive);
            _gone = _gone.With(before.Without(_meters));
            gone.AddRange(table.Clients.Values.Where(client => _alive.TrueForAll(other => !other.Clients.Values.Contains(client))));
        }

        foreach (var client in gone)
        {
            client.Dispose();
            Log.ProviderDrained(_log, client.Options.Name, table.Config.Version);
        }
    }
}
