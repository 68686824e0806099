using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Relay.Telemetry.Tests.Kit;

/// <summary>A provider of the test's own, which keeps the headers that it was asked with.</summary>
internal sealed class TestProvider : IAsyncDisposable
{
    public const string Answer = """{"id":"chatcmpl-1","object":"chat.completion","model":"gpt-sim","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1}}""";

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Dictionary<string, string>> _headers = new();

    private TestProvider(RequestDelegate? answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server => server.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(async http =>
        {
            _headers.Enqueue(http.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString()));
            if (answer is not null)
            {
                await answer(http);
                return;
            }

            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(Answer);
        });
    }

    /// <summary>The headers of each request, in lower case.</summary>
    public IReadOnlyList<Dictionary<string, string>> Headers => [.. _headers];

    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<TestProvider> StartAsync(RequestDelegate? answer = null)
    {
        var provider = new TestProvider(answer);
        await provider._app.StartAsync(Patience.Token);
        return provider;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
