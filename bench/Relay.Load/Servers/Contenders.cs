using System.Globalization;
using Relay.Load.Bare;
using Relay.Load.Os;
using Relay.Load.Otlp;
using Relay.Load.Probe;

namespace Relay.Load.Servers;

/// <summary>Starts the servers that are compared.</summary>
internal static class Contenders
{
    private const string ChatPath = "v1/chat/completions";

    /// <summary>All names in the order of the tables.</summary>
    public static readonly IReadOnlyList<string> Names = ["direct", "bare", "nginx", "portkey", "relay", "bare-h2", "relay-h2", "relay-anthropic", "relay-gemini", "relay-otel", "relay-otel-all", "relay-cluster"];

    /// <summary>Starts one by its name; null when it is not installed.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="upstreams">What it passes on to.</param>
    /// <param name="folder">A temporary folder for its files.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<Contender?> StartAsync(string name, IReadOnlyList<Upstream> upstreams, string folder, CancellationToken stop)
    {
        var own = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        return name switch
        {
            "direct" => Fill(new Contender(name, process: null), upstreams, u => u.Http),
            "bare" => await BareAsync(name, upstreams, own, http2: false, stop),
            "bare-h2" => await BareAsync(name, upstreams, own, http2: true, stop),
            "nginx" => Built.Nginx is { } nginx ? await NginxAsync(nginx, upstreams, own, stop) : null,
            "portkey" => Built.Portkey is { } portkey ? await PortkeyAsync(portkey, upstreams, own, stop) : null,
            "relay" => await RelayAsync(name, upstreams, own, RelayConfigFile.Write(own, upstreams, TwoTargets(upstreams)), stop),
            "relay-h2" => await RelayAsync(name, upstreams, own, RelayConfigFile.Write(own, upstreams, TwoTargets(upstreams), http2: true), stop),
            "relay-anthropic" or "relay-gemini" => await RelayAsync(
                name, upstreams, own, RelayConfigFile.Write(own, upstreams, TwoTargets(upstreams), dialect: name["relay-".Length..]), stop, exact: false),
            "relay-otel" => await TracedRelayAsync(name, upstreams, own, share: 0.01, stop),
            "relay-cluster" => await ClusterAsync(name, upstreams, own, stop),
            "relay-otel-all" => await TracedRelayAsync(name, upstreams, own, share: 1, stop),
            _ => throw new Cli.UsageException($"There is no server '{name}'; there are {string.Join(", ", Names)}."),
        };
    }

    /// <summary>Starts Relay with a configuration.</summary>
    public static Task<Contender> RelayAsync(string name, IReadOnlyList<Upstream> upstreams, string folder, string config, CancellationToken stop, bool exact = true) =>
        RelayAsync(StartOf(name, folder, config), upstreams, exact, helper: null, stop);

    private static async Task<Contender> RelayAsync(ServerStart start, IReadOnlyList<Upstream> upstreams, bool exact, IAsyncDisposable? helper, CancellationToken stop)
    {
        const string Ready = "OpenAI base URL";
        const string Page = "Live page";
        const string Stats = "Stats over gRPC";
        Uri? gateway = null, api = null;
        var (process, stats) = await ServerProcess.StartAsync(
            start,
            line =>
            {
                gateway = After(line, Ready) ?? gateway;
                api = After(line, Page) ?? api;
                return line.IndexOf(Stats, StringComparison.Ordinal) is var at and >= 0 ? new Uri("http://" + line[(at + Stats.Length)..].Trim()) : null;
            },
            stop);
        return Fill(new Contender(start.Name, process, ProbeFile(start.Folder!)) { Api = api, ApiGrpc = stats, Exact = exact, Helper = helper }, upstreams, _ => new Uri(gateway!, "/"));
    }

    private static async Task<Contender> TracedRelayAsync(string name, IReadOnlyList<Upstream> upstreams, string folder, double share, CancellationToken stop)
    {
        var (sink, url) = await ServerProcess.StartAsync(
            new ServerStart("the sink", "dotnet", Built.Driver, "sink"),
            line => line.StartsWith(SinkCommand.Ready, StringComparison.Ordinal) ? line[SinkCommand.Ready.Length..] : null,
            stop);
        var start = StartOf(name, folder, RelayConfigFile.Write(folder, upstreams, TwoTargets(upstreams)));
        return await RelayAsync(start with { Environment = start.Environment.Concat(TelemetryTo.Sink(url, share)).ToDictionary() }, upstreams, exact: true, sink, stop);
    }

    private static async Task<Contender?> ClusterAsync(string name, IReadOnlyList<Upstream> upstreams, string folder, CancellationToken stop) =>
        await RelayCluster.StartAsync(folder, RelayConfigFile.Write(folder, upstreams, TwoTargets(upstreams)), Probed(folder), stop) is var (gateway, url, rest)
            ? Fill(new Contender(name, gateway, ProbeFile(folder)) { Helper = rest }, upstreams, _ => url)
            : null;

    private static ServerStart StartOf(string name, string folder, string config) =>
        new(name, "dotnet", Built.Program("AppHost"), "--config", config) { Folder = folder, Environment = Probed(folder) };

    private static Uri? After(string line, string label) =>
        line.IndexOf(label, StringComparison.Ordinal) is var at and >= 0 ? new Uri(line[(at + label.Length)..].Trim()) : null;

    private static IEnumerable<KeyValuePair<string, string[]>> TwoTargets(IEnumerable<Upstream> upstreams) =>
        upstreams.Select(u => KeyValuePair.Create(u.Model, new[] { $"{u.Name}/{u.Model}", $"{u.Name}/{u.Model}-second" }));

    private static async Task<Contender> BareAsync(string name, IReadOnlyList<Upstream> upstreams, string folder, bool http2, CancellationToken stop)
    {
        string[] arguments = [Built.Driver, "bare", .. upstreams.SelectMany(u => new[] { "--upstream", (http2 ? u.Http2 : u.Http).ToString() })];
        var start = new ServerStart(name, "dotnet", http2 ? [.. arguments, "--h2"] : arguments) { Environment = Probed(folder) };
        var (process, urls) = await ServerProcess.StartAsync(
            start, line => line.StartsWith(BareCommand.Ready, StringComparison.Ordinal) ? line[BareCommand.Ready.Length..].Split(' ') : null, stop);
        var index = 0;
        return Fill(new Contender(name, process, ProbeFile(folder)), upstreams, _ => new Uri(urls[index++]));
    }

    private static async Task<Contender> NginxAsync(string program, IReadOnlyList<Upstream> upstreams, string folder, CancellationToken stop)
    {
        var ports = upstreams.ToDictionary(u => u.Name, _ => FreePort.Take());
        var config = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(config, NginxConfig.Text(upstreams, ports, folder), stop);
        var start = new ServerStart("nginx", program, "-p", folder, "-c", config, "-e", Path.Combine(folder, "error.log"));
        var process = await ServerProcess.StartAsync(start, ports.Values.Last(), stop);
        return Fill(new Contender("nginx", process), upstreams, u => Loopback(ports[u.Name]));
    }

    private static async Task<Contender> PortkeyAsync(string script, IReadOnlyList<Upstream> upstreams, string folder, CancellationToken stop)
    {
        var port = FreePort.Take();
        var start = new ServerStart("portkey", "node", script, "--headless", $"--port={port}")
        {
            Folder = folder,
            Environment = new Dictionary<string, string> { ["NODE_ENV"] = "production" },
        };
        var process = await ServerProcess.StartAsync(start, port, stop);
        var contender = Fill(new Contender("portkey", process) { Exact = false }, upstreams, _ => Loopback(port));
        foreach (var upstream in upstreams)
        {
            contender.Headers[upstream.Name] = new Dictionary<string, string>
            {
                ["x-portkey-provider"] = "openai",
                ["x-portkey-custom-host"] = new Uri(upstream.Http, "v1").ToString(),
            };
        }

        return contender;
    }

    private static Contender Fill(Contender contender, IEnumerable<Upstream> upstreams, Func<Upstream, Uri> front)
    {
        foreach (var upstream in upstreams)
        {
            contender.Urls[upstream.Name] = new Uri(front(upstream), ChatPath);
        }

        return contender;
    }

    private static Uri Loopback(int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));

    private static string ProbeFile(string folder) => Path.Combine(folder, "gc.bin");

    private static Dictionary<string, string> Probed(string folder) =>
        new() { ["DOTNET_STARTUP_HOOKS"] = Built.Driver, [GcProbe.Variable] = ProbeFile(folder) };
}
