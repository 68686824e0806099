using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using Relay.AppHost;

namespace Relay.Browser.Tests;

/// <summary>The demo, and its live page in a real browser.</summary>
internal sealed class BrowserRig : IAsyncDisposable
{
    private readonly IBrowser _browser;
    private readonly List<IBrowserContext> _contexts = [];
    private readonly HttpClient _http = new();
    private readonly List<string> _faults = [];

    private BrowserRig(EmbeddedHost host, IBrowser browser)
    {
        Host = host;
        _browser = browser;
    }

    public EmbeddedHost Host { get; }

    /// <summary>What the browser found wrong with the page: exceptions, refusals by the policy, parts that are missing.</summary>
    public IReadOnlyList<string> Faults => _faults;

    public static async Task<BrowserRig> StartAsync(Chromium chromium)
    {
        Assert.SkipWhen(Chromium.SkipReason is not null, Chromium.SkipReason ?? "");
        var host = new EmbeddedHost(config: null, anyPort: true);
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new(host, chromium.Browser);
    }

    /// <summary>Opens the page.</summary>
    public async Task<IPage> OpenAsync(string window = "5m", bool dark = false, int width = 1280, int height = 900)
    {
        var context = await _browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            DeviceScaleFactor = 1.5f,
        });
        _contexts.Add(context);
        var page = await context.NewPageAsync();
        page.PageError += (_, error) => _faults.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.Contains("status of 40", StringComparison.Ordinal))
            {
                _faults.Add(message.Text);
            }
        };
        await page.GotoAsync($"{Host.Api!.Url}#{window}");
        await Assertions.Expect(page.Locator("#live")).ToHaveAttributeAsync("data-state", "live");
        return page;
    }

    /// <summary>Asks a model, and waits until the grains know of it.</summary>
    public async Task AskAsync(int times = 1, string model = "chat-default", bool stream = false)
    {
        for (var i = 0; i < times; i++)
        {
            using var answer = await _http.PostAsJsonAsync(
                new Uri(Host.Gateway!.Url, "/v1/chat/completions"),
                new { model, stream, messages = new[] { new { role = "user", content = $"Hello {i}" } } });
            await answer.Content.ReadAsByteArrayAsync();
        }

        await Host.Gateway!.FlushAsync();
    }

    /// <summary>What the API says.</summary>
    public Task<JsonElement> StatsAsync(string path = "/api/v1/models?window=5m") => _http.GetFromJsonAsync<JsonElement>(new Uri(Host.Api!.Url, path));

    public async ValueTask DisposeAsync()
    {
        foreach (var context in _contexts)
        {
            await context.DisposeAsync();
        }

        _http.Dispose();
        await Host.StopAsync();
        await Host.DisposeAsync();
    }
}
