using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Relay.AppHost;
using Relay.TestKit;

namespace AppHost.Tests;

public sealed partial class PrometheusTests
{
    private const string HowToGet = "apt-get install prometheus";

    [Fact]
    public async Task Metrics_AreWhatTheDocsSay_NamesTypesAndLabels()
    {
        await using var host = await StartWithTrafficAsync(requests: 3);

        var text = await ScrapeAsync(host);

        var documented = DocRow().Matches(await File.ReadAllTextAsync(DocsPath()))
            .ToDictionary(m => m.Groups["name"].Value, m => (Type: m.Groups["type"].Value, Labels: LabelName().Matches(m.Groups["labels"].Value).Select(l => l.Value.Trim('`')).Order().ToArray()));
        var shown = TypeLine().Matches(text).ToDictionary(m => m.Groups["name"].Value, m => m.Groups["type"].Value);
        Assert.Equal(documented.Keys.Order(), shown.Keys.Order());
        foreach (var (name, (type, labels)) in documented)
        {
            Assert.Equal(type, shown[name]);
            var sample = Regex.Match(text, $@"^{name}(?:_bucket)?(?:\{{(?<labels>[^}}]*)\}})? ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
            if (sample.Success)
            {
                Assert.Equal(labels, LabelKey().Matches(sample.Groups["labels"].Value).Select(l => l.Groups["key"].Value).Where(l => l != "le").Order());
            }
        }
    }

    [Fact]
    public async Task RandomPathsAndModels_AddNoSeries()
    {
        await using var host = await StartWithTrafficAsync(requests: 1);
        using var http = new HttpClient { BaseAddress = host.Gateway!.Url };
        await RejectOneAsync(http, 0);
        var before = Series(await ScrapeAsync(host));

        await Parallel.ForEachAsync(Enumerable.Range(1, 5_000), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) => await RejectOneAsync(http, i));

        Assert.Equal(before, Series(await ScrapeAsync(host)));
    }

    [Fact]
    public async Task Promtool_FindsNothingToComplainAbout()
    {
        Skip("promtool");
        await using var host = await StartWithTrafficAsync(requests: 2);
        using var promtool = Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;

        await promtool.StandardInput.WriteAsync(await ScrapeAsync(host));
        promtool.StandardInput.Close();
        var said = await promtool.StandardOutput.ReadToEndAsync() + await promtool.StandardError.ReadToEndAsync();
        await promtool.WaitForExitAsync();

        Assert.Equal("", said);
        Assert.Equal(0, promtool.ExitCode);
    }

    [Fact]
    public async Task RealPrometheus_ScrapesRelay_AndItsQuantilesAgreeWithTheApi()
    {
        Skip("prometheus");
        await using var host = await StartWithTrafficAsync(requests: 0);
        await using var prometheus = await PrometheusProcess.StartAsync(host.Api!.Url);
        await prometheus.StoredAsync(2);
        await SendAsync(host, 12);
        await host.Gateway!.FlushAsync();
        await prometheus.StoredAsync(3);

        const string Family = "llm_request_duration_seconds_bucket{model=\"chat-default\"}";
        var p95 = await prometheus.QueryAsync($"histogram_quantile(0.95, sum by (le) (increase({Family}[1m])))");

        using var http = new HttpClient();
        var stats = await http.GetFromJsonAsync<JsonElement>(new Uri(host.Api.Url, "/api/v1/models/chat-default?window=1m"));
        var ours = Latency(stats).GetProperty("p95").GetDouble() / 1000;
        double[] bounds = [0, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 90, 120];
        var bucket = Array.FindLastIndex(bounds, b => b < ours);
        Assert.InRange(p95, bounds[bucket], bounds[bucket + 1]);
    }

    private static JsonElement Latency(JsonElement stats) =>
        (stats.TryGetProperty("models", out var models) ? models[0] : stats.TryGetProperty("model", out var m) && m.ValueKind == JsonValueKind.Object ? m : stats).GetProperty("latencyMs");

    private static void Skip(string program)
    {
        if (Require.SkipReason(program, HowToGet) is { } reason)
        {
            Assert.Skip(reason);
        }
    }

    private static async Task<EmbeddedHost> StartWithTrafficAsync(int requests)
    {
        var host = new EmbeddedHost(config: null, anyPort: true);
        await host.StartAsync(TestContext.Current.CancellationToken);
        await SendAsync(host, requests);
        return host;
    }

    private static async Task SendAsync(EmbeddedHost host, int requests)
    {
        using var http = new HttpClient { BaseAddress = host.Gateway!.Url };
        await Parallel.ForEachAsync(Enumerable.Range(0, requests), async (_, _) =>
        {
            var body = new { model = "chat-default", stream = true, max_tokens = 5, messages = new[] { new { role = "user", content = "Hello" } } };
            using var answer = await http.PostAsJsonAsync("/v1/chat/completions", body);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            await answer.Content.ReadAsStringAsync();
        });
    }

    private static async Task RejectOneAsync(HttpClient http, int i)
    {
        using var path = await http.GetAsync($"/v1/random-{i}");
        using var model = await http.PostAsJsonAsync("/v1/chat/completions", new { model = $"random-{i}", messages = new[] { new { role = "user", content = "x" } } });
        Assert.Equal(HttpStatusCode.NotFound, model.StatusCode);
    }

    private static async Task<string> ScrapeAsync(EmbeddedHost host)
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri(host.Api!.Url, "/metrics"));
    }

    private static int Series(string text) => text.Split('\n').Count(line => line.Length > 0 && line[0] != '#');

    private static string DocsPath()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "RelayAspire.sln")))
        {
            folder = folder.Parent!;
        }

        return Path.Combine(folder.FullName, "docs", "metrics.md");
    }

    [GeneratedRegex(@"^\| `(?<name>[a-z_]+)` \| (?<type>[a-z]+) \| (?<labels>[^|]*)\|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DocRow();

    [GeneratedRegex("`[a-z_]+`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LabelName();

    [GeneratedRegex(@"^# TYPE (?<name>\S+) (?<type>\S+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TypeLine();

    [GeneratedRegex("(?<key>[a-z_]+)=\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LabelKey();
}
