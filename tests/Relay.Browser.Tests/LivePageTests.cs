using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Relay.Browser.Tests;

/// <summary>The live page as people see it.</summary>
public sealed partial class LivePageTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly LocatorAssertionsToHaveAttributeOptions SoonRed = new() { Timeout = 2_000 };

    [Fact]
    public async Task Figures_AreThoseOfTheApi()
    {
        await using var rig = await BrowserRig.StartAsync(chromium);
        var page = await rig.OpenAsync();
        await rig.AskAsync(3);
        await rig.AskAsync(2, stream: true);
        await rig.AskAsync(1, model: "no-such-model");
        await Expect(Total(page, "Requests")).ToHaveTextAsync("5");

        var stats = await rig.StatsAsync();
        await AssertMetricsAsync(page.Locator("#total .metric"), stats.GetProperty("total"));
        foreach (var model in stats.GetProperty("models").EnumerateArray())
        {
            var card = Card(page, model.GetProperty("model").GetString()!);
            await AssertMetricsAsync(card.Locator(".metrics .metric"), model);
            foreach (var target in model.GetProperty("targets").EnumerateArray())
            {
                await AssertTargetAsync(card, target);
            }
        }

        Assert.Empty(rig.Faults);
    }

    [Fact]
    public async Task BrokenTarget_TurnsRedWithinTwoSecondsAndBack()
    {
        await using var rig = await BrowserRig.StartAsync(chromium);
        var page = await rig.OpenAsync();
        await rig.AskAsync();
        var pill = Pill(page, "sim-a");
        await Expect(pill).ToHaveAttributeAsync("data-state", "closed");

        rig.Host.Demo.Servers[0].Unplug();
        await rig.AskAsync(3);
        await Expect(pill).ToHaveAttributeAsync("data-state", "open", SoonRed);
        await Expect(pill).ToHaveCSSAsync("color", Red());
        await Expect(page.Locator("#stories li .from").First).ToHaveTextAsync(new Regex("sim-a", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await Expect(page.Locator("#stories li .to").First).ToHaveTextAsync(new Regex("sim-b", RegexOptions.None, TimeSpan.FromSeconds(1)));

        rig.Host.Demo.Servers[0].Plug();
        await ControlAsync(page, "sim-a", rig.Host.DemoAdminToken!.Reveal(), "Reset");
        await Expect(pill).ToHaveAttributeAsync("data-state", "closed", SoonRed);
        Assert.Empty(rig.Faults);
    }

    [Fact]
    public async Task Breaker_IsHeldAndLetGoByHandWithTheTokenOnly()
    {
        await using var rig = await BrowserRig.StartAsync(chromium);
        var page = await rig.OpenAsync();
        await rig.AskAsync();
        var said = page.Locator("#control-said");

        await ControlAsync(page, "sim-a", "", "Hold open");
        await Expect(said).ToContainTextAsync("admin token");
        await page.Locator("[data-close]").ClickAsync();
        await ControlAsync(page, "sim-a", "wrong", "Hold open");
        await Expect(said).ToContainTextAsync("not the admin token");
        await page.Locator("[data-close]").ClickAsync();
        await Expect(Pill(page, "sim-a")).ToHaveAttributeAsync("data-state", "closed");

        await ControlAsync(page, "sim-a", rig.Host.DemoAdminToken!.Reveal(), "Hold open");
        await Expect(page.Locator("#control-state")).ToContainTextAsync("held open by hand");
        await page.Locator("[data-close]").ClickAsync();
        await Expect(Pill(page, "sim-a")).ToHaveAttributeAsync("data-state", "open", SoonRed);
        await Expect(Row(page, "sim-a").Locator(".why")).ToHaveTextAsync("held open by hand");
        await rig.AskAsync(2);
        var targets = (await rig.StatsAsync()).GetProperty("models").EnumerateArray().First(m => m.GetProperty("model").GetString() == "chat-default").GetProperty("targets");
        Assert.Equal([1, 2], targets.EnumerateArray().Select(t => t.GetProperty("attempts").GetInt32()));
    }

    [Fact]
    public async Task StoppedApi_IsToldAndTheFiguresAreMarkedAsOld()
    {
        await using var rig = await BrowserRig.StartAsync(chromium);
        var page = await rig.OpenAsync();
        await rig.AskAsync();
        await Expect(Total(page, "Requests")).ToHaveTextAsync("1");

        await rig.Host.Api!.StopAsync(TestContext.Current.CancellationToken);

        await Expect(page.Locator("#live")).ToHaveAttributeAsync("data-state", "away");
        await Expect(page.Locator("#away")).ToContainTextAsync("not answering");
        await Expect(page.Locator("#figures")).ToHaveClassAsync("stale");
    }

    [Fact]
    public async Task Page_FitsEveryWidth()
    {
        await using var rig = await BrowserRig.StartAsync(chromium);
        rig.Host.Demo.Servers[0].Unplug();
        await rig.AskAsync(4);
        var page = await rig.OpenAsync();
        await Expect(page.Locator("#stories li").First).ToBeVisibleAsync();
        foreach (var width in new[] { 320, 390, 768, 1024, 1920 })
        {
            await page.SetViewportSizeAsync(width, 900);
            Assert.Equal(width, await page.EvaluateAsync<int>("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)"));
        }
    }

    /// <summary>Pictures for people, in TestResults; with RELAY_PICTURES=true those of the README too.</summary>
    [Fact]
    public async Task Pictures_AreTakenInLightAndDarkAndOfAPhone()
    {
        await using var rig = await BrowserRig.StartAsync(chromium);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => rig.AskAsync(3, stream: true)).Append(rig.AskAsync(4, "embed-default")).Append(rig.AskAsync(5, "chat-split")));
        rig.Host.Demo.Servers[0].Unplug();
        await rig.AskAsync(6, stream: true);
        foreach (var (name, dark, width) in new[] { ("live-page", false, 1280), ("live-page-dark", true, 1280), ("live-page-phone", false, 390) })
        {
            var page = await rig.OpenAsync(dark: dark, width: width);
            await Expect(Pill(page, "sim-a")).ToHaveAttributeAsync("data-state", "open");
            await Expect(page.Locator(".trails .fine").First).ToHaveAttributeAsync("d", new Regex("M", RegexOptions.None, TimeSpan.FromSeconds(1)));
            foreach (var folder in Folders())
            {
                var picture = await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = true });
                Assert.True(picture.Length > 20_000, $"{name} is {picture.Length} bytes: hardly a picture of the page.");
            }
        }

        Assert.Empty(rig.Faults);
    }

    private static IEnumerable<string> Folders()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "RelayAspire.sln")))
        {
            root = Path.GetDirectoryName(root)!;
        }

        yield return Directory.CreateDirectory(Path.Combine(root, "TestResults", "pictures")).FullName;
        if (Environment.GetEnvironmentVariable("RELAY_PICTURES") == "true")
        {
            yield return Path.Combine(root, "docs", "images");
        }
    }

    private static async Task ControlAsync(IPage page, string target, string token, string button)
    {
        await Row(page, target).Locator(".control").ClickAsync();
        await page.Locator("#control-token").FillAsync(token);
        await page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
    }

    /// <summary>The words are the page's own, made of the API's figures.</summary>
    private static async Task AssertMetricsAsync(ILocator shown, JsonElement figures)
    {
        var (latency, tokens) = (figures.GetProperty("latencyMs"), figures.GetProperty("tokens").GetProperty("total"));
        var expected = new Dictionary<string, string>
        {
            ["Requests"] = await WordsAsync(shown, "count", figures.GetProperty("requests")),
            ["Success"] = await WordsAsync(shown, "percent", figures.GetProperty("successRate")),
            ["Latency p50"] = await WordsAsync(shown, "latency", Of(latency, "p50")),
            ["p95"] = await WordsAsync(shown, "latency", Of(latency, "p95")),
            ["p99"] = await WordsAsync(shown, "latency", Of(latency, "p99")),
            ["First token p50"] = await WordsAsync(shown, "latency", Of(figures.GetProperty("firstTokenMs"), "p50")),
            ["Tokens"] = await WordsAsync(shown, "tokens", tokens),
            ["Cost"] = await WordsAsync(shown, "cost", figures.GetProperty("costUsd")),
        };
        foreach (var (name, words) in expected)
        {
            var metric = shown.Filter(new() { Has = shown.Page.Locator("dt", new() { HasTextRegex = new Regex($"^{name}$", RegexOptions.None, TimeSpan.FromSeconds(1)) }) });
            await Expect(metric.Locator("dd").First).ToHaveTextAsync(words);
        }
    }

    private static async Task AssertTargetAsync(ILocator card, JsonElement target)
    {
        var row = card.Locator("tbody tr").Filter(new() { HasText = target.GetProperty("target").GetString() });
        var latency = target.GetProperty("latencyMs");
        var isUsed = target.GetProperty("attempts").GetInt32() > 0;
        await Expect(Cell(row, "Attempts").Locator("b")).ToHaveTextAsync(await WordsAsync(card, "count", target.GetProperty("attempts")));
        await Expect(Cell(row, "Success")).ToHaveTextAsync(await WordsAsync(card, "percent", target.GetProperty("successRate")));
        foreach (var name in new[] { "p50", "p95", "p99" })
        {
            await Expect(Cell(row, name)).ToHaveTextAsync(await WordsAsync(card, "latency", Of(latency, name)));
        }

        await Expect(Cell(row, "Tokens")).ToHaveTextAsync(isUsed ? await WordsAsync(card, "tokens", target.GetProperty("tokens").GetProperty("total")) : "–");
        await Expect(row.Locator(".pill")).ToHaveAttributeAsync("data-state", target.GetProperty("breaker").GetProperty("state").GetString()!);
    }

    private static JsonElement? Of(JsonElement distribution, string name) => distribution.ValueKind == JsonValueKind.Null ? null : distribution.GetProperty(name);

    private static Task<string> WordsAsync(ILocator on, string kind, JsonElement? value) =>
        on.Page.EvaluateAsync<string>("async ([kind, value]) => (await import('/format.js'))[kind](JSON.parse(value)).join('')", new[] { kind, value?.GetRawText() ?? "null" });

    private static ILocator Cell(ILocator row, string label) => row.Locator($"td[data-label='{label}']");

    private static ILocator Total(IPage page, string name) => page.Locator("#total .metric").Filter(new() { HasText = name }).Locator("dd b").First;

    private static ILocator Card(IPage page, string model) => page.Locator(".model").Filter(new() { Has = page.Locator("h2", new() { HasText = model }) });

    private static ILocator Row(IPage page, string provider) => Card(page, "chat-default").Locator("tbody tr").Filter(new() { HasText = provider });

    private static ILocator Pill(IPage page, string provider) => Row(page, provider).Locator(".pill");

    private static Regex Red() => RedOfTheLightPage();

    [GeneratedRegex(@"rgb\(179, 38, 30\)", RegexOptions.None, 1_000)]
    private static partial Regex RedOfTheLightPage();
}
