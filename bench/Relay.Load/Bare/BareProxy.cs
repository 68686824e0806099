using System.Buffers;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Relay.Load.Bare;

/// <summary>
/// The least a proxy in C# can do: Kestrel in front, SocketsHttpHandler behind, bodies copied, one flush per read. What Relay costs is
/// judged against this.
/// </summary>
internal sealed class BareProxy(Uri upstream, bool http2) : IDisposable
{
    private readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        EnableMultipleHttp2Connections = true,
        ConnectCallback = ConnectAsync,
    });

    private readonly Uri _chat = new(upstream, "v1/chat/completions");

    /// <summary>Builds a server that passes every request on.</summary>
    public static WebApplication Build(BareProxy proxy, int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddLogging();
        var app = builder.Build();
        app.Run(proxy.PassAsync);
        return app;
    }

    /// <inheritdoc/>
    public void Dispose() => _invoker.Dispose();

    private async Task PassAsync(HttpContext http)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _chat)
        {
            Version = http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StreamContent(http.Request.Body),
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", http.Request.ContentType);
        request.Content.Headers.ContentLength = http.Request.ContentLength;
        request.Headers.TryAddWithoutValidation("Authorization", http.Request.Headers.Authorization.ToString());

        using var response = await _invoker.SendAsync(request, http.RequestAborted);
        http.Response.StatusCode = (int)response.StatusCode;
        http.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        http.Response.ContentLength = response.Content.Headers.ContentLength;

        await using var body = await response.Content.ReadAsStreamAsync(http.RequestAborted);
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            for (int read; (read = await body.ReadAsync(buffer, http.RequestAborted)) > 0;)
            {
                await http.Response.BodyWriter.WriteAsync(buffer.AsMemory(0, read), http.RequestAborted);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
