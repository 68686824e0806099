using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace AppHost.Tests;

/// <summary>A real Prometheus that scrapes one address four times a second.</summary>
internal sealed class PrometheusProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ScrapeGate _gate;
    private readonly string _folder;
    private readonly HttpClient _http;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PrometheusProcess(Process process, ScrapeGate gate, string folder, int port)
    {
        _process = process;
        _gate = gate;
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
        var gate = await ScrapeGate.StartAsync(scraped);
        var folder = Directory.CreateTempSubdirectory("relay-prometheus-").FullName;
        var config = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(config, $$"""
            global: { scrape_interval: 250ms }
            scrape_configs:
              - job_name: relay
                static_configs: [ { targets: ["{{gate.Url.Authority}}"] } ]
            """);
        var port = FreePort();
        var info = new ProcessStartInfo("prometheus", [$"--config.file={config}", $"--storage.tsdb.path={folder}/data", $"--web.listen-address=127.0.0.1:{port}"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        var process = new Process { StartInfo = info };
        var prometheus = new PrometheusProcess(process, gate, folder, port);
        process.Start();
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        await prometheus._ready.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        return prometheus;
    }

    /// <summary>Returns when it has stored so many scrapes that all began after this call.</summary>
    public Task StoredAsync(int scrapes) => _gate.StoredAsync(scrapes);

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
        await _gate.DisposeAsync();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
