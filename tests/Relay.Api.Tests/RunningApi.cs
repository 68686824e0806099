using System.Net;
using System.Text.Json;
using Relay.Api.Live;
using Relay.Silo.Embedded;
using Relay.Silo.Grains;
using Relay.TestKit;

namespace Relay.Api.Tests;

/// <summary>An API on a free port of its own, over embedded grains and a clock that stands still.</summary>
internal sealed class RunningApi : IAsyncDisposable
{
    private readonly ApiApp _app;

    private RunningApi(ApiApp app, IGrains grains, ManualTimeProvider time)
    {
        _app = app;
        Grains = grains;
        Time = time;
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = app.Url };
    }

    public IGrains Grains { get; }

    public ManualTimeProvider Time { get; }

    public HttpClient Client { get; }

    public IPEndPoint EndPoint => _app.EndPoint;

    public IPEndPoint GrpcEndPoint => _app.GrpcEndPoint;

    public WatchHub Hub => _app.Hub;

    public ApiApp App => _app;

    public static async Task<RunningApi> StartAsync(
        IReadOnlyList<ModelTopology>? models = null, IGrains? grains = null, Func<ApiOptions, ApiOptions>? configure = null, CapturedLog? log = null)
    {
        var time = new ManualTimeProvider();
        grains ??= new EmbeddedGrains(time);
        var options = new ApiOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), GrpcListen = new IPEndPoint(IPAddress.Loopback, 0), Version = "1.2.3", GatewayUrl = "http://127.0.0.1:8080" };
        var app = ApiApp.Create(configure?.Invoke(options) ?? options, grains, new FixedTopology(models ?? FixedTopology.Default), time, log);
        await app.StartAsync(CancellationToken.None);
        return new RunningApi(app, grains, time);
    }

    public async Task<JsonElement> GetJsonAsync(string path, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var answer = await Client.GetAsync(new Uri(path, UriKind.Relative));
        return await JsonAsync(answer, expected);
    }

    public async Task<HttpResponseMessage> SendAsync(string method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request);
    }

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage answer, HttpStatusCode expected)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(expected == answer.StatusCode, $"{(int)answer.StatusCode}: {text}");
        Assert.Equal("application/json; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    public static async Task AssertErrorAsync(HttpResponseMessage answer, HttpStatusCode expected, string code, string? param = null)
    {
        var root = await JsonAsync(answer, expected);
        var error = root.GetProperty("error");
        Assert.Equal(["error"], root.EnumerateObject().Select(p => p.Name));
        Assert.Equal(["message", "type", "param", "code"], error.EnumerateObject().Select(p => p.Name));
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal(param, error.GetProperty("param").GetString());
        Assert.Equal((int)expected >= 500 ? "server_error" : "invalid_request_error", error.GetProperty("type").GetString());
        Assert.NotEqual("", error.GetProperty("message").GetString());
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}

/// <summary>A configuration that does not change.</summary>
internal sealed class FixedTopology(IReadOnlyList<ModelTopology> models) : ITopology
{
    public static readonly ModelTopology[] Default =
    [
        new("chat", "priority", ["openai/gpt-4.1", "anthropic/claude"]),
        new("openai/gpt-4.1", "weighted", ["openai/gpt-4.1"]),
    ];

    public IReadOnlyList<ModelTopology> Models => models;

    public string ConfigVersion => "0a1b2c3d4e5f";
}
