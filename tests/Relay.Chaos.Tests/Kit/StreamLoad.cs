using System.Text;
using System.Text.Json;

namespace Relay.Chaos.Tests.Kit;

/// <summary>How one streamed request went, as its client saw it.</summary>
/// <param name="Number">Requests are numbered in the order in which they were sent.</param>
/// <param name="Target">The target that answered, or null.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Text">The text that came.</param>
/// <param name="HadToken">At least one token came.</param>
/// <param name="Done">It ended with [DONE].</param>
/// <param name="Error">An error, in band or as the body; null when there was none.</param>
internal sealed record StreamOutcome(int Number, string? Target, int Status, string Text, bool HadToken, bool Done, string? Error);

/// <summary>A steady load of streams: each worker sends its next request when the last one has ended.</summary>
internal sealed class StreamLoad : IAsyncDisposable
{
    private readonly HttpClient _client;
    private readonly string _model;
    private readonly Lock _gate = new();
    private readonly List<StreamOutcome> _outcomes = [];
    private readonly List<(Func<StreamOutcome, bool> Matches, int Left, TaskCompletionSource Reached)> _waits = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _workers;
    private int _sent;

    public StreamLoad(Uri gateway, string model, int workers)
    {
        _client = new HttpClient { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(60) };
        _model = model;
        _workers = [.. Enumerable.Range(0, workers).Select(_ => Task.Run(WorkAsync))];
    }

    /// <summary>Requests sent so far.</summary>
    public int Sent => Volatile.Read(ref _sent);

    public IReadOnlyList<StreamOutcome> Outcomes
    {
        get
        {
            lock (_gate)
            {
                return [.. _outcomes];
            }
        }
    }

    /// <summary>Completes when so many more requests that match have ended.</summary>
    public Task WaitForAsync(int count, Func<StreamOutcome, bool>? matches = null)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waits.Add((matches ?? (static _ => true), count, reached));
        }

        return reached.Task.WaitAsync(TimeSpan.FromSeconds(90), TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_workers);
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task WorkAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var outcome = await SendAsync(Interlocked.Increment(ref _sent));
            lock (_gate)
            {
                _outcomes.Add(outcome);
                for (var i = _waits.Count - 1; i >= 0; i--)
                {
                    Count(i, outcome);
                }
            }
        }
    }

    private void Count(int i, StreamOutcome outcome)
    {
        var (matches, left, reached) = _waits[i];
        if (!matches(outcome))
        {
            return;
        }

        _waits[i] = (matches, left - 1, reached);
        if (left == 1)
        {
            _waits.RemoveAt(i);
            reached.SetResult();
        }
    }

    private async Task<StreamOutcome> SendAsync(int number)
    {
        var body = $$"""{"model":"{{_model}}","stream":true,"messages":[{"role":"user","content":"question"}]}""";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        var outcome = new StreamOutcome(number, null, 0, "", false, false, null);
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            outcome = outcome with
            {
                Status = (int)response.StatusCode,
                Target = response.Headers.TryGetValues("x-relay-target", out var target) ? target.Single() : null,
            };
            return await ReadAsync(response, outcome);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return outcome with { Error = outcome.Error ?? "transport: " + e.Message };
        }
    }

    private static async Task<StreamOutcome> ReadAsync(HttpResponseMessage response, StreamOutcome outcome)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var text = new StringBuilder();
        var all = new StringBuilder();
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                all.AppendLine(line);
                outcome = line == "data: [DONE]" ? outcome with { Done = true } : Take(line, text, outcome);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // The connection broke; what was said in band before counts.
        }

        outcome = outcome with { Text = text.ToString() };
        return outcome.Status == 200 ? outcome : outcome with { Error = all.ToString() };
    }

    private static StreamOutcome Take(string line, StringBuilder text, StreamOutcome outcome)
    {
        if (!line.StartsWith("data: {", StringComparison.Ordinal))
        {
            return outcome;
        }

        using var json = JsonDocument.Parse(line.AsMemory(6));
        if (json.RootElement.TryGetProperty("error", out var error))
        {
            return outcome with { Error = error.GetProperty("code").GetString() };
        }

        foreach (var choice in json.RootElement.GetProperty("choices").EnumerateArray())
        {
            if (choice.GetProperty("delta").TryGetProperty("content", out var content) && content.GetString() is { Length: > 0 } piece)
            {
                text.Append(piece);
                outcome = outcome with { HadToken = true };
            }
        }

        return outcome;
    }
}
