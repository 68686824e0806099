using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace AppHost.Tests;

/// <summary>Stands between Prometheus and Relay, passes each scrape on as it came, and tells that it did.</summary>
internal sealed class ScrapeGate : IAsyncDisposable
{
    private readonly Channel<bool> _begun = Channel.CreateBounded<bool>(10_000);
    private readonly HttpClient _http;
    private readonly WebApplication _app;

    private ScrapeGate(Uri relay)
    {
        _http = new HttpClient { BaseAddress = relay };
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(PassOnAsync);
    }

    public Uri Url => new(_app.Urls.Single());

    public static async Task<ScrapeGate> StartAsync(Uri relay)
    {
        var gate = new ScrapeGate(relay);
        await gate._app.StartAsync();
        return gate;
    }

    /// <summary>
    /// Returns when Prometheus has stored so many scrapes that all began after this call: it scrapes a target again only when it
    /// has stored what it got, so the beginning of one more tells it.
    /// </summary>
    public async Task StoredAsync(int scrapes)
    {
        while (_begun.Reader.TryRead(out _))
        {
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        for (var begun = 0; begun < scrapes + 1; begun++)
        {
            await _begun.Reader.ReadAsync(limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task PassOnAsync(HttpContext scrape)
    {
        _begun.Writer.TryWrite(true);
        using var request = new HttpRequestMessage(HttpMethod.Get, scrape.Request.Path.Value);
        foreach (var name in new[] { "Accept", "Accept-Encoding", "User-Agent" })
        {
            request.Headers.TryAddWithoutValidation(name, scrape.Request.Headers[name].AsEnumerable());
        }

        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, scrape.RequestAborted);
        scrape.Response.StatusCode = (int)answer.StatusCode;
        scrape.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await answer.Content.CopyToAsync(scrape.Response.Body, scrape.RequestAborted);
    }
}
