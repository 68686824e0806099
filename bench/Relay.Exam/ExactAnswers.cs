using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Relay.Exam.Observing;
using Relay.Simulator;

namespace Relay.Exam;

/// <summary>What came of an answer whose exact text is known.</summary>
public enum ExactVerdict
{
    /// <summary>The exact text in one proper stream.</summary>
    Right,

    /// <summary>No whole answer, and the client was told: a status that is no success, or an error event and a broken connection.</summary>
    Told,

    /// <summary>Anything else: a wrong answer that looks right, or a broken one that nobody tells of.</summary>
    Wrong,
}

/// <summary>Asks a gateway for streams whose exact text is known, and judges what comes.</summary>
/// <param name="gateway">The gateway's address.</param>
/// <param name="model">The model to ask for; its simulators have their default options.</param>
/// <param name="key">The key to ask with, or null.</param>
public sealed class ExactAnswers(Uri gateway, string model, string? key = null) : IDisposable
{
    private static readonly SimulatorOptions Simulated = new();

    private readonly HttpClient _client = new() { BaseAddress = gateway, Timeout = TimeSpan.FromMinutes(6) };

    /// <summary>Asks once.</summary>
    /// <param name="number">Makes the question, and so the answer, one of its own.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>The verdict, and for a wrong answer what is wrong.</returns>
    public async Task<(ExactVerdict Verdict, string? Why)> AskAsync(long number, CancellationToken stop)
    {
        var question = string.Create(CultureInfo.InvariantCulture, $"question {number}");
        var body = JsonSerializer.SerializeToUtf8Bytes(new { model, stream = true, messages = new[] { new { role = "user", content = question } } });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new ByteArrayContent(body) };
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            return Judge(await AnswerReader.ReadAsync(response, stop), Answers.Text(Simulated, question));
        }
        catch (HttpRequestException e)
        {
            return (ExactVerdict.Wrong, e.Message);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static (ExactVerdict Verdict, string? Why) Judge(StreamedAnswer answer, string expected)
    {
        if (answer.Status != 200)
        {
            return answer.ErrorCode is not null ? (ExactVerdict.Told, null) : (ExactVerdict.Wrong, "a status without an error: " + answer.Status.ToString(CultureInfo.InvariantCulture));
        }

        var isWhole = answer is { Broke: null, Errors.Count: 0, UnreadableEvents: 0, Dones: 1, EventsAfterDone: 0, Roles: 1, FinishReasons: ["stop"], Ids.Count: 1 };
        if (isWhole && answer.Text == expected)
        {
            return (ExactVerdict.Right, null);
        }

        var isTold = answer is { Broke: not null, Errors.Count: 1, Dones: 0 } && expected.StartsWith(answer.Text, StringComparison.Ordinal);
        return isTold ? (ExactVerdict.Told, null) : (ExactVerdict.Wrong, new StringBuilder("looked right, but was not: ").Append(answer.Body.AsSpan(Math.Max(0, answer.Body.Length - 300))).ToString());
    }
}
