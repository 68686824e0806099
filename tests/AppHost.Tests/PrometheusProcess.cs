using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace AppHost.Tests;

/// <summary>A real Prometheus that scrapes one address every second.</summary>
internal sealed class PrometheusProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _folder;
    private readonly HttpClient _http;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PrometheusProcess(Process process, string folder, int port)
    {
        _process = process;
        _folder = folder;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data?.Contains("Server is ready", StringComparison.Ordinal) == true)
            {
                _ready.TrySetResult();
            }
        };
    }

    public static async Task<PrometheusProcess> StartAsync(Uri scraped)
    {
        var folder = Directory.CreateTempSubdirectory("relay-prometheus-").FullName;
        var config = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(config, $$"""
            global: { scrape_interval: 1s }
            scrape_configs:
              - job_name: relay
                static_configs: [ { targets: ["{{scraped.Authority}}"] } ]
            """);
        var port = FreePort();
        var info = new ProcessStartInfo("prometheus", [$"--config.file={config}", $"--storage.tsdb.path={folder}/data", $"--web.listen-address=127.0.0.1:{port}"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        var process = new Process { StartInfo = info };
        var prometheus = new PrometheusProcess(process, folder, port);
        process.Start();
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        await prometheus._ready.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        return prometheus;
    }

    /// <summary>Returns when Prometheus has stored so many more scrapes of Relay. Its own clock ticks once a second; each look waits for the next tick.</summary>
    public async Task WaitForScrapesAsync(int more)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(250), TimeProvider.System);
        var until = await CountAsync() + more;
        while (await CountAsync() < until)
        {
            await ticks.WaitForNextTickAsync(limit.Token);
        }
    }

    public async Task<double> QueryAsync(string query)
    {
        var answer = await _http.GetFromJsonAsync<JsonElement>("api/v1/query?query=" + Uri.EscapeDataString(query));
        var result = answer.GetProperty("data").GetProperty("result");
        return result.GetArrayLength() == 0 ? 0 : double.Parse(result[0].GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<int> CountAsync() => (int)await QueryAsync("count_over_time(up{job=\"relay\"}[5m])");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
