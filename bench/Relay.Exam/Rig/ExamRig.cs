using System.Text;
using Relay.Gateway;
using Relay.ServiceDefaults.Metrics;
using Relay.Silo.Embedded;
using Relay.Simulator;

namespace Relay.Exam.Rig;

/// <summary>A real gateway in front of two real simulators, all on free loopback ports, all of it for one row alone.</summary>
internal sealed class ExamRig : IAsyncDisposable
{
    /// <summary>Words of a whole answer.</summary>
    public const int Words = 60;

    private readonly GatewayApp _gateway;
    private readonly HttpClient _http;

    private ExamRig(GatewayApp gateway, SimulatorServer primary, SimulatorServer fallback, ExamRecords records)
    {
        _gateway = gateway;
        Primary = primary;
        Fallback = fallback;
        Records = records;

        // The exam sets its own limits, and each request comes over a connection that nothing happened to before.
        _http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>The provider with the fault.</summary>
    public SimulatorServer Primary { get; }

    /// <summary>The one that stands in.</summary>
    public SimulatorServer Fallback { get; }

    /// <summary>What the gateway recorded.</summary>
    public ExamRecords Records { get; }

    /// <summary>Where clients ask.</summary>
    public Uri Url => new(_gateway.Url, "/v1/chat/completions");

    /// <summary>Where the gateway asks the primary.</summary>
    public Uri PrimaryUrl => new(Primary.BaseUrl, "/v1/chat/completions");

    /// <summary>Starts everything.</summary>
    public static async Task<ExamRig> StartAsync(ExamSettings settings)
    {
        var primary = await SimulatorServer.StartAsync(Options(Side.Primary, settings));
        var fallback = await SimulatorServer.StartAsync(Options(Side.Fallback, settings));
        var records = new ExamRecords();
        var gateway = GatewayApp.Create(ExamConfig.Read(settings, primary.BaseUrl, fallback.BaseUrl), new GatewayServices
        {
            Grains = new EmbeddedGrains(settings.Time),
            Sinks = [records],
            Time = settings.Time,
        });
        await gateway.StartAsync();
        return new(gateway, primary, fallback, records);
    }

    /// <summary>The text that a whole answer to this question must have.</summary>
    public string Expected(string question) => Answers.Text(Primary.Options, question);

    /// <summary>Asks for a stream; returns when its headers are there.</summary>
    public async Task<HttpResponseMessage> AskAsync(Uri url, string body, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
    }

    /// <summary>What /metrics says now.</summary>
    public string Scrape()
    {
        var text = new MetricsText();
        _gateway.Metrics.Write(text);
        return Encoding.UTF8.GetString(text.Written.Span);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _gateway.StopAsync();
        await _gateway.DisposeAsync();
        await Primary.DisposeAsync();
        await Fallback.DisposeAsync();
    }

    private static SimulatorOptions Options(Side side, ExamSettings settings) => new()
    {
        Name = side.Name,
        DefaultWords = Words,
        Latency = settings.Pace,
        TimeProvider = settings.Time,
    };
}
