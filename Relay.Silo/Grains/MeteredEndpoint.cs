namespace Relay.Silo.Grains;

/// <summary>The endpoints that meters tell apart: a closed list, because each one takes a place for every kind of error.</summary>
public enum MeteredEndpoint
{
    /// <summary><c>chat.completions</c>.</summary>
    ChatCompletions = 0,

    /// <summary><c>embeddings</c>.</summary>
    Embeddings = 1,

    /// <summary><c>messages</c>: Anthropic's.</summary>
    Messages = 2,

    /// <summary><c>responses</c>: OpenAI's newer one.</summary>
    Responses = 3,

    /// <summary><c>_other</c>: any endpoint that is not listed here. Always the last.</summary>
    Other = 4,
}

/// <summary>Spelling of endpoints, the same in records, figures and metrics.</summary>
public static class MeteredEndpoints
{
    private static readonly string[] Labels = ["chat.completions", "embeddings", "messages", "responses", "_other"];

    /// <summary>How many there are.</summary>
    public static int Count => Labels.Length;

    /// <summary>Every endpoint, in order.</summary>
    public static ReadOnlySpan<MeteredEndpoint> All => [MeteredEndpoint.ChatCompletions, MeteredEndpoint.Embeddings, MeteredEndpoint.Messages, MeteredEndpoint.Responses, MeteredEndpoint.Other];

    /// <summary>The endpoint's spelling.</summary>
    /// <param name="endpoint">A defined endpoint.</param>
    public static string Label(this MeteredEndpoint endpoint) => Labels[(int)endpoint];

    /// <summary>The endpoint of a spelling; <see cref="MeteredEndpoint.Other"/> for any that is not listed.</summary>
    /// <param name="label">As <see cref="Label"/> writes it.</param>
    public static MeteredEndpoint Of(string? label)
    {
        var index = Array.IndexOf(Labels, label);
        return index < 0 ? MeteredEndpoint.Other : (MeteredEndpoint)index;
    }
}
