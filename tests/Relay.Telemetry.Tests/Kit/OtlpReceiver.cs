using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Grpc;
using Relay.Telemetry.Tests.Otlp;
using Relay.Telemetry.Tests.Otlp.Logs;
using Relay.Telemetry.Tests.Otlp.Metrics;
using Relay.Telemetry.Tests.Otlp.Trace;

namespace Relay.Telemetry.Tests.Kit;

/// <summary>A collector: OTLP over gRPC on one port, over HTTP on another. It keeps what it got, parsed and as bytes.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ExportTraceServiceRequest> _traces = new();
    private readonly ConcurrentQueue<ExportMetricsServiceRequest> _metrics = new();
    private readonly ConcurrentQueue<ExportLogsServiceRequest> _logs = new();
    private readonly ConcurrentQueue<string> _authorizations = new();
    private readonly ConcurrentQueue<string> _paths = new();

    private OtlpReceiver(Action<IApplicationBuilder>? before)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server =>
        {
            server.Listen(IPAddress.Loopback, 0, listen => listen.ServeGrpc());
            server.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        _app = builder.Build();
        before?.Invoke(_app);
        _app.UseGrpc(
            new GrpcOptions(),
            TimeProvider.System,
            new GrpcService(TraceServiceReflection.Descriptor.Services[0]).Unary<ExportTraceServiceRequest, ExportTraceServiceResponse>("Export", (r, call) => Take(_traces, r, call.Http, new ExportTraceServiceResponse())),
            new GrpcService(MetricsServiceReflection.Descriptor.Services[0]).Unary<ExportMetricsServiceRequest, ExportMetricsServiceResponse>("Export", (r, call) => Take(_metrics, r, call.Http, new ExportMetricsServiceResponse())),
            new GrpcService(LogsServiceReflection.Descriptor.Services[0]).Unary<ExportLogsServiceRequest, ExportLogsServiceResponse>("Export", (r, call) => Take(_logs, r, call.Http, new ExportLogsServiceResponse())));
        _app.Run(ServeHttpAsync);
    }

    public string Grpc => Address(0);

    public string Http => Address(1);

    public IReadOnlyList<Span> Spans => [.. _traces.SelectMany(r => r.ResourceSpans).SelectMany(r => r.ScopeSpans).SelectMany(s => s.Spans)];

    public IReadOnlyList<LogRecord> Logs => [.. _logs.SelectMany(r => r.ResourceLogs).SelectMany(r => r.ScopeLogs).SelectMany(s => s.LogRecords)];

    /// <summary>The metrics of the gateway; of each the last export.</summary>
    public IReadOnlyDictionary<string, Metric> Metrics => _metrics.SelectMany(r => r.ResourceMetrics).SelectMany(r => r.ScopeMetrics)
        .Where(s => s.Scope.Name == "Relay.Gateway").SelectMany(s => s.Metrics).GroupBy(m => m.Name).ToDictionary(g => g.Key, g => g.Last());

    public IReadOnlyList<Resource> Resources =>
        [.. _traces.SelectMany(r => r.ResourceSpans).Select(r => r.Resource), .. _metrics.SelectMany(r => r.ResourceMetrics).Select(r => r.Resource), .. _logs.SelectMany(r => r.ResourceLogs).Select(r => r.Resource)];

    /// <summary>Header <c>x-collector-key</c> of every export.</summary>
    public IReadOnlyCollection<string> Keys => _authorizations;

    /// <summary>Where every export went.</summary>
    public IReadOnlyCollection<string> Paths => _paths;

    /// <summary>All that came, as text.</summary>
    public string Everything => string.Join('\n', [.. _traces.Select(t => t.ToString()), .. _metrics.Select(m => m.ToString()), .. _logs.Select(l => l.ToString())]);

    public static async Task<OtlpReceiver> StartAsync(Action<IApplicationBuilder>? before = null)
    {
        var receiver = new OtlpReceiver(before);
        await receiver._app.StartAsync(Patience.Token);
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private ValueTask<TAnswer> Take<TRequest, TAnswer>(ConcurrentQueue<TRequest> to, TRequest request, HttpContext http, TAnswer answer)
    {
        _authorizations.Enqueue(http.Request.Headers["x-collector-key"].ToString());
        _paths.Enqueue(http.Request.Path);
        to.Enqueue(request);
        return ValueTask.FromResult(answer);
    }

    private async Task ServeHttpAsync(HttpContext http)
    {
        var body = new MemoryStream();
        Stream from = http.Request.Headers.ContentEncoding == "gzip" ? new GZipStream(http.Request.Body, CompressionMode.Decompress) : http.Request.Body;
        await from.CopyToAsync(body);
        var bytes = body.ToArray();
        http.Response.ContentType = "application/x-protobuf";
        switch (http.Request.Path.Value)
        {
            case "/v1/traces":
                await Take(_traces, ExportTraceServiceRequest.Parser.ParseFrom(bytes), http, 0);
                break;
            case "/v1/metrics":
                await Take(_metrics, ExportMetricsServiceRequest.Parser.ParseFrom(bytes), http, 0);
                break;
            case "/v1/logs":
                await Take(_logs, ExportLogsServiceRequest.Parser.ParseFrom(bytes), http, 0);
                break;
            default:
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }

    private string Address(int port) => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ElementAt(port);
}
