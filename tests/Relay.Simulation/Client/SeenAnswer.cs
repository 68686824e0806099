using System.Text;
using System.Text.Json;

namespace Relay.Simulation.Client;

/// <summary>What a client made of the bytes that it got: a small reader of its own, so that it shares no mistake with the gateway's.</summary>
internal sealed class SeenAnswer
{
    private readonly Dictionary<int, StringBuilder> _texts = [];

    /// <summary>Finish reasons by choice, in order.</summary>
    public List<int> Finished { get; } = [];

    /// <summary>Answers' ids, each once.</summary>
    public HashSet<string> Ids { get; } = [];

    /// <summary>Model names, each once.</summary>
    public HashSet<string> Models { get; } = [];

    /// <summary>Chunks with a role, by choice.</summary>
    public Dictionary<int, int> Roles { get; } = [];

    /// <summary>Chunks with usage; completion tokens of each.</summary>
    public List<long> Usages { get; } = [];

    /// <summary>Error events.</summary>
    public int Errors { get; private set; }

    /// <summary>End marks.</summary>
    public int Dones { get; private set; }

    /// <summary>Something came that is no JSON.</summary>
    public bool IsUnreadable { get; private set; }

    /// <summary>The text of a choice.</summary>
    public string Text(int choice) => _texts.TryGetValue(choice, out var text) ? text.ToString() : "";

    /// <summary>How many choices have text.</summary>
    public int Choices => _texts.Count;

    /// <summary>Reads a stream or a plain answer.</summary>
    public static SeenAnswer Read(ReadOnlySpan<byte> bytes, bool stream)
    {
        var seen = new SeenAnswer();
        var text = Encoding.UTF8.GetString(bytes);
        if (!stream)
        {
            seen.Add(text);
            return seen;
        }

        // CR LF is one end of a line, and so is each alone (WHATWG HTML, 9.2.5).
        var data = new StringBuilder();
        foreach (var line in text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n'))
        {
            if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                data.Append(data.Length > 0 ? "\n" : "").Append(line.AsSpan(line.StartsWith("data: ", StringComparison.Ordinal) ? 6 : 5));
            }
            else if (line.Length == 0 && data.Length > 0)
            {
                seen.Add(data.ToString());
                data.Clear();
            }
        }

        return seen;
    }

    private void Add(string data)
    {
        if (data == "[DONE]")
        {
            Dones++;
            return;
        }

        try
        {
            using var json = JsonDocument.Parse(data);
            Add(json.RootElement);
        }
        catch (JsonException)
        {
            IsUnreadable = true;
        }
    }

    private void Add(JsonElement root)
    {
        if (root.TryGetProperty("error", out _))
        {
            Errors++;
            return;
        }

        Ids.Add(root.GetProperty("id").GetString()!);
        Models.Add(root.GetProperty("model").GetString()!);
        if (root.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
        {
            Usages.Add(usage.GetProperty("completion_tokens").GetInt64());
        }

        foreach (var choice in root.GetProperty("choices").EnumerateArray())
        {
            Add(choice.GetProperty("index").GetInt32(), choice.TryGetProperty("delta", out var delta) ? delta : choice.GetProperty("message"));
            if (choice.TryGetProperty("finish_reason", out var reason) && reason.ValueKind == JsonValueKind.String)
            {
                Finished.Add(choice.GetProperty("index").GetInt32());
            }
        }
    }

    private void Add(int choice, JsonElement delta)
    {
        Roles[choice] = Roles.GetValueOrDefault(choice) + (delta.TryGetProperty("role", out _) ? 1 : 0);
        if (!_texts.TryGetValue(choice, out var text))
        {
            _texts[choice] = text = new StringBuilder();
        }

        if (delta.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String)
        {
            text.Append(content.GetString());
        }

        if (delta.TryGetProperty("tool_calls", out var calls))
        {
            text.Append(calls[0].GetProperty("function").GetProperty("arguments").GetString());
        }
    }
}
