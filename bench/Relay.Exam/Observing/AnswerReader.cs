using System.Text;
using System.Text.Json;

namespace Relay.Exam.Observing;

/// <summary>Reads an answer to its end, whatever it is, and keeps all that the exam asks about. Wrong answers are read, not refused.</summary>
internal sealed class AnswerReader
{
    private readonly StringBuilder _body = new();
    private readonly StringBuilder _text = new();
    private readonly List<string> _data = [];
    private readonly List<string> _finishReasons = [];
    private readonly List<JsonElement> _usages = [];
    private readonly List<string> _errors = [];
    private readonly SortedSet<string> _ids = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _created = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _models = new(StringComparer.Ordinal);
    private JsonElement? _lastChunk;
    private int _roles;
    private int _unreadable;
    private int _dones;
    private int _afterDone;

    private AnswerReader()
    {
    }

    /// <summary>Reads it; a broken connection is part of what was seen.</summary>
    public static async Task<StreamedAnswer> ReadAsync(HttpResponseMessage response, CancellationToken stop)
    {
        var reader = new AnswerReader();
        var broke = await reader.ReadLinesAsync(response, stop);
        return reader.Seen(response) with { Broke = broke };
    }

    private async Task<string?> ReadLinesAsync(HttpResponseMessage response, CancellationToken stop)
    {
        var stream = response.Content.Headers.ContentType?.MediaType == "text/event-stream";
        try
        {
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(stop), Encoding.UTF8);
            while (await lines.ReadLineAsync(stop) is { } line)
            {
                _body.Append(line).Append('\n');
                if (stream)
                {
                    TakeLine(line);
                }
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return e.Message;
        }

        // An event that no blank line ends was never sent, says the standard.
        _unreadable += _data.Count > 0 ? 1 : 0;
        return null;
    }

    private void TakeLine(string line)
    {
        if (line.StartsWith("data:", StringComparison.Ordinal))
        {
            _data.Add(line[5..].TrimStart(' '));
        }
        else if (line.Length == 0 && _data.Count > 0)
        {
            TakeEvent(string.Join('\n', _data));
            _data.Clear();
        }
    }

    private void TakeEvent(string data)
    {
        _afterDone += _dones > 0 ? 1 : 0;
        if (data == "[DONE]")
        {
            _dones++;
            return;
        }

        try
        {
            using var json = JsonDocument.Parse(data);
            TakeChunk(json.RootElement.Clone(), data);
        }
        catch (JsonException)
        {
            _unreadable++;
        }
    }

    private void TakeChunk(JsonElement chunk, string data)
    {
        if (chunk.ValueKind == JsonValueKind.Object && chunk.TryGetProperty("error", out _))
        {
            _errors.Add(data);
            return;
        }

        if (chunk.ValueKind != JsonValueKind.Object || !chunk.TryGetProperty("choices", out var choices) || choices.ValueKind != JsonValueKind.Array)
        {
            _unreadable++;
            return;
        }

        _lastChunk = chunk;
        _ids.Add(Field(chunk, "id"));
        _created.Add(Field(chunk, "created"));
        _models.Add(Field(chunk, "model"));
        if (chunk.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
        {
            _usages.Add(usage);
        }

        foreach (var choice in choices.EnumerateArray())
        {
            TakeChoice(choice);
        }
    }

    private void TakeChoice(JsonElement choice)
    {
        if (choice.TryGetProperty("delta", out var delta) && delta.ValueKind == JsonValueKind.Object)
        {
            _roles += delta.TryGetProperty("role", out _) ? 1 : 0;
            _text.Append(delta.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String ? content.GetString() : "");
        }

        if (choice.TryGetProperty("finish_reason", out var reason) && reason.ValueKind == JsonValueKind.String)
        {
            _finishReasons.Add(reason.GetString()!);
        }
    }

    private static string Field(JsonElement chunk, string name) => chunk.TryGetProperty(name, out var value) ? value.ToString() : "";

    private StreamedAnswer Seen(HttpResponseMessage response) => new()
    {
        Status = (int)response.StatusCode,
        Headers = response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key.ToLowerInvariant(), h => string.Join(", ", h.Value)),
        Body = _body.ToString(),
        Text = _text.ToString(),
        Roles = _roles,
        FinishReasons = _finishReasons,
        Usages = _usages,
        LastChunk = _lastChunk,
        Errors = _errors,
        UnreadableEvents = _unreadable,
        Dones = _dones,
        EventsAfterDone = _afterDone,
        Ids = [.. _ids],
        Created = [.. _created],
        Models = [.. _models],
    };
}
