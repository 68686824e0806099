using System.Text.Json;

namespace Relay.Exam.Observing;

/// <summary>One answer as its client saw it.</summary>
internal sealed record StreamedAnswer
{
    /// <summary>When its request was sent, since the sitting began.</summary>
    public TimeSpan SentAt { get; init; }

    /// <summary>From sending to the last byte.</summary>
    public TimeSpan Took { get; init; }

    /// <summary>The HTTP status; 0 when no answer came at all.</summary>
    public int Status { get; init; }

    /// <summary>Headers in lower case.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The body as it came.</summary>
    public string Body { get; init; } = "";

    /// <summary>The generated text, put together.</summary>
    public string Text { get; init; } = "";

    /// <summary>Chunks that name a role.</summary>
    public int Roles { get; init; }

    /// <summary>Every finish_reason, in order.</summary>
    public IReadOnlyList<string> FinishReasons { get; init; } = [];

    /// <summary>Every usage object, in order.</summary>
    public IReadOnlyList<JsonElement> Usages { get; init; } = [];

    /// <summary>The chunk that came last.</summary>
    public JsonElement? LastChunk { get; init; }

    /// <summary>Every error event, as it came.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];

    /// <summary>Events that are no JSON object with choices, or that no blank line ended.</summary>
    public int UnreadableEvents { get; init; }

    /// <summary>How often [DONE] came.</summary>
    public int Dones { get; init; }

    /// <summary>Events after [DONE].</summary>
    public int EventsAfterDone { get; init; }

    /// <summary>Different ids of chunks.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];

    /// <summary>Different times of creation of chunks.</summary>
    public IReadOnlyList<string> Created { get; init; } = [];

    /// <summary>Different models of chunks.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>How the connection broke; null when the body ended properly.</summary>
    public string? Broke { get; init; }

    /// <summary>Who answered, by its header.</summary>
    public string? Target => Header("x-relay-target");

    /// <summary>The code of an error in OpenAI's form that is the whole body, or null.</summary>
    public string? ErrorCode
    {
        get
        {
            try
            {
                using var json = JsonDocument.Parse(Body);
                return json.RootElement.GetProperty("error").GetProperty("code").GetString();
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                return null;
            }
        }
    }

    /// <summary>A header's value, or null.</summary>
    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
