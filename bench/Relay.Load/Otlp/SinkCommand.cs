using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Relay.Load.Cli;

namespace Relay.Load.Otlp;

/// <summary><c>sink</c>: a collector for OTLP over HTTP that takes everything and keeps nothing, as a process of its own.</summary>
internal static class SinkCommand
{
    /// <summary>What the ready line begins with; the URL follows.</summary>
    public const string Ready = "sink ready at ";

    /// <summary>Runs until it is told to end, and says then how much came.</summary>
    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        var exports = 0L;
        var bytes = 0L;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, arguments.Whole("port", 0), listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddLogging();
        await using var app = builder.Build();
        app.Run(async http =>
        {
            var buffer = new byte[64 * 1024];
            while (await http.Request.Body.ReadAsync(buffer) is > 0 and var read)
            {
                Interlocked.Add(ref bytes, read);
            }

            Interlocked.Increment(ref exports);
            http.Response.ContentType = "application/x-protobuf";
        });
        await app.StartAsync(stop);
        await Console.Out.WriteLineAsync(Ready + app.Urls.First());
        await Wait.UntilAsync(stop);
        await Console.Error.WriteLineAsync($"sink: {exports} exports, {bytes} bytes");
        return 0;
    }
}
