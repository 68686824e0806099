using Relay.Load.Driving;
using Relay.Load.Http;
using Relay.Load.Os;
using Relay.Load.Probe;

namespace Relay.Load.Servers;

/// <summary>A server that is measured: one process in front of one or more simulated providers.</summary>
internal sealed class Contender : IAsyncDisposable
{
    private readonly ServerProcess? _process;
    private readonly ProcessTree? _tree;
    private readonly string? _probe;

    /// <summary>Creates one.</summary>
    /// <param name="name">Its name in the tables.</param>
    /// <param name="process">Its process; null for the provider itself, without anything in front.</param>
    /// <param name="probe">Where its garbage collector's figures are, or null.</param>
    public Contender(string name, ServerProcess? process, string? probe = null)
    {
        Name = name;
        _process = process;
        _probe = probe;
        _tree = process is null ? null : new ProcessTree(process.Pid);
    }

    /// <summary>Its name in the tables.</summary>
    public string Name { get; }

    /// <summary>The chat endpoint in front of each provider, by the provider's name.</summary>
    public Dictionary<string, Uri> Urls { get; } = [];

    /// <summary>Headers that it needs besides, by the provider's name.</summary>
    public Dictionary<string, IReadOnlyDictionary<string, string>> Headers { get; } = [];

    /// <summary>It passes answers on byte for byte, so that their length can be checked.</summary>
    public bool Exact { get; init; } = true;

    /// <summary>Where Relay's API is; null for the others.</summary>
    public Uri? Api { get; init; }

    /// <summary>Where Relay's stats are over gRPC; null for the others.</summary>
    public Uri? ApiGrpc { get; init; }

    /// <summary>Its process's figures; null without a process.</summary>
    public ProcessTree? Tree => _tree;

    /// <summary>Its garbage collector's figures, or null.</summary>
    public GcFigures? Gc => _probe is null ? null : GcProbe.Read(_probe);

    /// <summary>A workload against it.</summary>
    public Workload Work(Upstream upstream, bool stream, IReadOnlyList<string>? models = null)
    {
        var url = Urls[upstream.Name];
        IEnumerable<KeyValuePair<string, string>> headers = Headers.GetValueOrDefault(upstream.Name) ?? new Dictionary<string, string>();
        headers = headers.Prepend(new("Authorization", "Bearer " + RelayConfigFile.Key));
        return new()
        {
            Endpoint = RequestText.Endpoint(url),
            Requests = [.. (models ?? [upstream.Model]).Select(model => RequestText.Post(url, headers, RequestText.Chat(model, stream)))],
            Stream = stream,
            Deltas = stream ? Upstream.Words : 0,
        };
    }

    /// <summary>What it needs besides its process; ended after it.</summary>
    public IAsyncDisposable? Helper { get; init; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        if (Helper is not null)
        {
            await Helper.DisposeAsync();
        }
    }
}
