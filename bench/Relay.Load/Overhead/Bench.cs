using Relay.Load.Servers;

namespace Relay.Load.Overhead;

/// <summary>The simulated providers and the servers in front of them, all started and all ended together.</summary>
internal sealed class Bench : IAsyncDisposable
{
    /// <summary>The provider without delays.</summary>
    public const string Fast = "fast";

    /// <summary>The provider with 5 ms between tokens.</summary>
    public const string Paced = "paced";

    private readonly string _folder = Directory.CreateTempSubdirectory("relay-load-").FullName;
    private readonly List<IAsyncDisposable> _all = [];

    /// <summary>The simulated providers.</summary>
    public List<Upstream> Upstreams { get; } = [];

    /// <summary>The servers in front of them.</summary>
    public List<Contender> Servers { get; } = [];

    /// <summary>Those that are not installed.</summary>
    public List<string> Missing { get; } = [];

    /// <summary>A folder that is removed at the end.</summary>
    public string Folder => _folder;

    /// <summary>Starts a provider.</summary>
    public async Task<Upstream> AddUpstreamAsync(string name, string model, CancellationToken stop, params string[] options)
    {
        var upstream = await Upstream.StartAsync(name, model, stop, options);
        _all.Add(upstream);
        Upstreams.Add(upstream);
        return upstream;
    }

    /// <summary>Starts a server in front of all providers, if it is installed.</summary>
    public async Task AddServerAsync(string name, CancellationToken stop)
    {
        if (await Contenders.StartAsync(name, Upstreams, _folder, stop) is { } server)
        {
            Add(server);
        }
        else
        {
            Missing.Add(name);
        }
    }

    /// <summary>Takes over a server that was started elsewhere.</summary>
    public void Add(Contender server)
    {
        _all.Add(server);
        Servers.Add(server);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var one in Enumerable.Reverse(_all))
        {
            await one.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
