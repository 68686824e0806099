using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Relay.Simulator.Tests.Dialects;
using Relay.TestKit;

namespace Relay.Simulator.Tests;

/// <summary>A running simulator and a plain HttpClient to it. Every wait has a generous limit, which only a hung test reaches.</summary>
internal sealed class Sim : IAsyncDisposable
{
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(60), TimeProvider.System);

    private Sim(SimulatorServer server)
    {
        Server = server;
        Http = new HttpClient { BaseAddress = server.BaseUrl, Timeout = Timeout.InfiniteTimeSpan };
    }

    public SimulatorServer Server { get; }

    public HttpClient Http { get; }

    public CancellationToken Limit => _limit.Token;

    public static async Task<Sim> StartAsync(SimulatorOptions? options = null, params string[] faults)
    {
        var server = await SimulatorServer.StartAsync(options ?? new SimulatorOptions { DefaultWords = 12 });
        foreach (var fault in faults)
        {
            server.Faults.Add("*", fault);
        }

        return new Sim(server);
    }

    public static Task<Sim> StartAsync(params string[] faults) => StartAsync(null, faults);

    public static string Body(string extra = "", string message = "hello there", string model = "gpt-sim") =>
        $$"""{"model":"{{model}}","messages":[{"role":"user","content":"{{message}}"}]{{(extra.Length > 0 ? "," + extra : "")}}}""";

    public Task<HttpResponseMessage> PostAsync(string json, string path = "/v1/chat/completions", CancellationToken cancellationToken = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json")) };
        return Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken == default ? Limit : cancellationToken);
    }

    public Task<HttpResponseMessage> StreamAsync(string extra = "", string message = "hello there", CancellationToken cancellationToken = default) =>
        PostAsync(Body("\"stream\":true" + (extra.Length > 0 ? "," + extra : ""), message), cancellationToken: cancellationToken);

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Limit);

    /// <summary>A stream in a dialect, read to its end.</summary>
    public async Task<Seen> StreamAsync(Tongue tongue, string extra = "", string message = "hello there")
    {
        using var response = await SendAsync(tongue.Request(stream: true, extra, message));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await tongue.ReadStreamAsync(response, Limit);
    }

    /// <summary>A plain answer in a dialect.</summary>
    public async Task<Seen> PlainAsync(Tongue tongue, string extra = "", string message = "hello there")
    {
        using var response = await SendAsync(tongue.Request(stream: false, extra, message));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return tongue.ReadPlain(await ReadJsonAsync(response));
    }

    /// <summary>A stream or a plain answer in a dialect.</summary>
    public Task<Seen> AnswerAsync(Tongue tongue, bool stream, string extra = "", string message = "hello there") =>
        stream ? StreamAsync(tongue, extra, message) : PlainAsync(tongue, extra, message);

    public async Task<JsonElement> JsonAsync(string json, string path = "/v1/chat/completions")
    {
        using var response = await PostAsync(json, path);
        return await ReadJsonAsync(response);
    }

    public async Task<JsonElement> ReadJsonAsync(HttpResponseMessage response)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Limit));
        return document.RootElement.Clone();
    }

    public async Task<Events> EventsAsync(string extra = "", string message = "hello there")
    {
        using var response = await StreamAsync(extra, message);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await Events.ReadAsync(response, Limit);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
        _limit.Dispose();
    }
}

/// <summary>What came of a stream: the data lines, and the error that ended it, if any.</summary>
internal sealed record Events(IReadOnlyList<string> Data, Exception? Broken)
{
    public bool Done => Data.Count > 0 && Data[^1] == "[DONE]";

    public IReadOnlyList<JsonElement> Chunks { get; } = [.. Data.Select(TryParse).OfType<JsonElement>()];

    public string Text => TextOf(0);

    public int Words => Chunks.Count(c => Delta(c, 0)?.TryGetProperty("content", out var text) == true && text.ValueKind == JsonValueKind.String && text.GetString()!.Length > 0);

    public string? FinishReason => Chunks.SelectMany(Choices).Select(c => c.GetProperty("finish_reason").GetString()).FirstOrDefault(r => r is not null);

    public static async Task<Events> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var data = new List<string>();
        try
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    data.Add(line["data: ".Length..]);
                }
            }

            return new Events(data, null);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return new Events(data, e);
        }
    }

    public string TextOf(int index) => string.Concat(Chunks.Select(c => Delta(c, index) is { } delta && delta.TryGetProperty("content", out var text) ? text.GetString() : ""));

    public static IEnumerable<JsonElement> Choices(JsonElement chunk) =>
        chunk.TryGetProperty("choices", out var choices) ? choices.EnumerateArray() : [];

    private static JsonElement? Delta(JsonElement chunk, int index)
    {
        foreach (var choice in Choices(chunk))
        {
            if (choice.GetProperty("index").GetInt32() == index)
            {
                return choice.GetProperty("delta");
            }
        }

        return null;
    }

    private static JsonElement? TryParse(string data)
    {
        try
        {
            using var document = JsonDocument.Parse(data);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

internal static class Clocks
{
    /// <summary>Completes when a timer is armed, now or later; then the clock can be advanced.</summary>
    public static async Task ArmedAsync(this ManualTimeProvider clock, CancellationToken cancellationToken)
    {
        var armed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Check()
        {
            if (clock.ArmedTimers > 0)
            {
                armed.TrySetResult();
            }
        }

        clock.TimersChanged += Check;
        Check();
        await armed.Task.WaitAsync(cancellationToken);
        clock.TimersChanged -= Check;
    }
}
