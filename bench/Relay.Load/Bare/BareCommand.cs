using Microsoft.AspNetCore.Builder;
using Relay.Load.Cli;

namespace Relay.Load.Bare;

/// <summary><c>bare</c>: the pass-through as a process of its own, one port per upstream.</summary>
internal static class BareCommand
{
    /// <summary>What the ready line begins with; the URLs follow in the order of the upstreams.</summary>
    public const string Ready = "bare ready at ";

    /// <summary>Runs until it is told to end.</summary>
    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        var http2 = arguments.Has("h2");
        var port = arguments.Whole("port", 0);
        var apps = new List<WebApplication>();
        foreach (var upstream in arguments.All("upstream"))
        {
            var proxy = new BareProxy(new Uri(upstream), http2);
            var app = BareProxy.Build(proxy, apps.Count == 0 ? port : 0);
            app.Lifetime.ApplicationStopped.Register(proxy.Dispose);
            await app.StartAsync(stop);
            apps.Add(app);
        }

        await Console.Out.WriteLineAsync(Ready + string.Join(' ', apps.Select(app => app.Urls.First())));
        await Wait.UntilAsync(stop);
        foreach (var app in apps)
        {
            await app.DisposeAsync();
        }

        return 0;
    }
}
