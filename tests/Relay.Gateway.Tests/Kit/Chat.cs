using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Relay.Gateway.Tests.Kit;

/// <summary>An answer as a client sees it.</summary>
internal sealed record Chat
{
    public required int Status { get; init; }

    public required byte[] Bytes { get; init; }

    public string Raw => Encoding.UTF8.GetString(Bytes);

    public required Dictionary<string, string> Headers { get; init; }

    /// <summary>The text of the answer, or of what came of it.</summary>
    public string Text { get; init; } = "";

    /// <summary>The error object, in the body or in band.</summary>
    public JsonElement? Error { get; init; }

    /// <summary>A stream ended with [DONE].</summary>
    public bool Done { get; init; }

    /// <summary>The connection broke before the end.</summary>
    public bool Broken { get; init; }

    public IReadOnlyList<JsonElement> Events { get; init; } = [];

    public bool HasUsage { get; init; }

    public string? Target => Headers.GetValueOrDefault("x-relay-target");

    public int Attempts => int.Parse(Headers["x-relay-attempts"], CultureInfo.InvariantCulture);

    public string? ErrorCode => Error?.GetProperty("code").GetString();

    public string? ErrorMessage => Error?.GetProperty("message").GetString();

    public static async Task<Chat> ReadAsync(HttpResponseMessage response, bool stream)
    {
        var (bytes, broken) = await ReadAllAsync(response);
        var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key.ToLowerInvariant(), h => string.Join(',', h.Value));
        var chat = new Chat { Status = (int)response.StatusCode, Bytes = bytes, Headers = headers, Broken = broken };
        return stream && response.IsSuccessStatusCode ? ReadStream(chat) : ReadPlain(chat);
    }

    private static async Task<(byte[] Bytes, bool Broken)> ReadAllAsync(HttpResponseMessage response)
    {
        var all = new MemoryStream();
        try
        {
            await response.Content.CopyToAsync(all);
            return (all.ToArray(), false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return (all.ToArray(), true);
        }
    }

    private static Chat ReadPlain(Chat chat)
    {
        if (chat.Bytes.Length == 0 || chat.Broken)
        {
            return chat;
        }

        using var json = JsonDocument.Parse(chat.Bytes);
        var root = json.RootElement.Clone();
        return root.TryGetProperty("error", out var error)
            ? chat with { Error = error }
            : chat with
            {
                Text = root.TryGetProperty("choices", out var choices) ? choices[0].GetProperty("message").GetProperty("content").GetString() ?? "" : "",
                HasUsage = root.TryGetProperty("usage", out _),
            };
    }

    private static Chat ReadStream(Chat chat)
    {
        var text = new StringBuilder();
        var events = new List<JsonElement>();
        JsonElement? failure = null;
        var (done, usage) = (false, false);
        foreach (var data in ReferenceSse.Parse(chat.Bytes))
        {
            if (data == "[DONE]")
            {
                done = true;
                continue;
            }

            using var json = JsonDocument.Parse(data);
            var root = json.RootElement.Clone();
            events.Add(root);
            if (root.TryGetProperty("error", out var error))
            {
                failure = error;
                continue;
            }

            usage |= root.TryGetProperty("usage", out var u) && u.ValueKind == JsonValueKind.Object;
            foreach (var choice in root.TryGetProperty("choices", out var choices) ? choices.EnumerateArray() : default)
            {
                text.Append(choice.GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : "");
            }
        }

        return chat with { Text = text.ToString(), Done = done, Error = failure, Events = events, HasUsage = usage };
    }
}
