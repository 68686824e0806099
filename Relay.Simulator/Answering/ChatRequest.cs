using System.Text.Json;

namespace Relay.Simulator;

/// <summary>A chat request as far as a simulated model looks at it, whatever dialect it came in.</summary>
internal sealed record ChatRequest(string Model, Conversation Conversation)
{
    public bool Stream { get; init; }

    /// <summary>The stream is to end with a chunk of usage. Only OpenAI's dialect has the choice.</summary>
    public bool IncludeUsage { get; init; }

    public int? MaxTokens { get; init; }

    public int Choices { get; init; } = 1;

    /// <summary>Whether the model was asked to think, and what the answer has of it.</summary>
    public Thoughts Thoughts { get; init; }

    /// <summary>The tools that the answer calls; none for an answer in words.</summary>
    public IReadOnlyList<RequestedTool> Tools { get; init; } = [];

    /// <summary>The schema of a JSON answer; an undefined element where any JSON object will do.</summary>
    public JsonElement? JsonSchema { get; init; }

    /// <summary>The answer ends before the first of these that it would contain.</summary>
    public IReadOnlyList<string> StopSequences { get; init; } = [];

    /// <summary>How long a part of the prompt is to be kept in the provider's cache.</summary>
    public CacheWrite CacheWrite { get; init; }

    public int PromptTokens => Conversation.Words;
}

/// <summary>What an answer has of the model's thoughts.</summary>
internal enum Thoughts
{
    /// <summary>It was not asked to think.</summary>
    None,

    /// <summary>They only cost.</summary>
    Hidden,

    /// <summary>Their signature, without their text.</summary>
    Signed,

    /// <summary>Text and signature.</summary>
    Shown,
}

/// <summary>What a request asks to be written to the provider's prompt cache.</summary>
internal enum CacheWrite
{
    None,
    FiveMinutes,
    OneHour,
}
