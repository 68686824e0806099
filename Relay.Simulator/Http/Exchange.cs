using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Relay.Simulator;

/// <summary>One logged request and its answer: headers, sending, and the ways to break it.</summary>
internal sealed class Exchange
{
    // How long a truncated answer waits for its reader to close.
    private static readonly TimeSpan HalfCloseWait = TimeSpan.FromSeconds(5);

    private readonly long _arrived;
    private readonly ulong _seed;
    private bool _cut;

    public Exchange(HttpContext http, SimulatorState state)
    {
        Http = http;
        State = state;
        Route = Route.Of(http.Request);
        Connection = http.Features.Get<LiveConnection>();
        _arrived = state.Options.TimeProvider.GetTimestamp();
        _seed = state.NextRequestSeed();
        ArrivedAt = state.Log.Now;
        Pace = new Pace(Options.TimeProvider, Options.Latency, _seed, null);
    }

    public HttpContext Http { get; }

    public SimulatorState State { get; }

    public Route Route { get; }

    public Dialect Dialect => Route.Dialect;

    public SimulatorOptions Options => State.Options;

    public LiveConnection? Connection { get; }

    public TimeSpan ArrivedAt { get; }

    public Fault? Fault { get; private set; }

    /// <summary>True once a scripted fault has taken the place of a whole, correct answer.</summary>
    public bool Faulted { get; set; }

    public Pace Pace { get; private set; }

    public LoggedRequest? Entry { get; private set; }

    /// <summary>A hexadecimal id, the same for the n-th request of every run.</summary>
    public string Id => _seed.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>Since the request arrived.</summary>
    public TimeSpan Elapsed => Options.TimeProvider.GetElapsedTime(_arrived);

    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>True when the simulator, not the client, ended it early.</summary>
    public bool Broken => _cut || Connection?.Cut == true;

    /// <summary>The fault of this request, or null; counts it.</summary>
    public Fault? TakeFault(string model, FaultTarget target) => State.Faults.Take(model, target with { Key = Dialect.KeyOf(Http.Request) });

    public void Log(ReadOnlyMemory<byte> body, string? model, bool stream, Fault? fault)
    {
        var headers = Http.Request.Headers;
        var kept = Math.Min(body.Length, Options.LogBodyBytes);
        Fault = fault;
        if (fault is not null)
        {
            Pace = new Pace(Options.TimeProvider, Options.Latency, _seed, fault);
        }

        Entry = new LoggedRequest
        {
            ArrivedAt = ArrivedAt,
            Path = Http.Request.Path.Value ?? "",
            Protocol = Http.Request.Protocol,
            ConnectionId = Http.Connection.Id,
            Model = model,
            Stream = stream,
            HasAuthorization = Dialect.KeyOf(Http.Request) is not null,
            AnthropicBeta = headers["anthropic-beta"],
            TraceParent = headers.TraceParent,
            ClientRequestId = headers["x-client-request-id"],
            IdempotencyKey = headers["Idempotency-Key"],
            Body = kept == 0 ? default : body[..kept].ToArray(),
            BodyLength = body.Length,
            Fault = fault?.ToString(),
        };
        State.Log.Add(Entry);
    }

    /// <summary>Starts the answer with the headers that the dialect's provider sends.</summary>
    public void StartAnswer(int status, string contentType, int promptTokens = 0)
    {
        var response = Http.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        Dialect.AddHeaders(this, response.Headers, promptTokens);
        Entry?.Status = status;
    }

    public async Task SendAsync(ReadOnlyMemory<byte> body)
    {
        if (!Http.Response.HasStarted)
        {
            Http.Response.ContentLength = body.Length;
        }

        await Http.Response.BodyWriter.WriteAsync(body, Aborted);
        await Http.Response.CompleteAsync();
    }

    public async Task SendErrorAsync(ApiError error)
    {
        using var body = new PooledBytes();
        var contentType = Dialect.WriteErrorBody(body, this, error);
        StartAnswer(error.Status, contentType);
        if (Fault is { } fault)
        {
            Dialect.AddRetryAfter(this, fault, Http.Response.Headers);
        }

        await SendAsync(body.WrittenMemory);
    }

    /// <summary>Resets the connection; over HTTP/2 only this stream, as its neighbours have their own scripts.</summary>
    public void Cut()
    {
        _cut = true;
        if (HttpProtocol.IsHttp2(Http.Request.Protocol) || Connection is null)
        {
            Http.Abort();
        }
        else
        {
            Connection.Reset();
        }
    }

    /// <summary>Ends the connection properly though the announced body is not complete.</summary>
    public async Task TruncateAsync()
    {
        _cut = true;
        if (!HttpProtocol.IsHttp2(Http.Request.Protocol) && Connection is { } connection)
        {
            connection.FinishSending();
            await Task.Delay(HalfCloseWait, Options.TimeProvider, Aborted).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        Http.Abort();
    }
}
