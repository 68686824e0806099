namespace Relay.Gateway.Dialects.OpenAi;

/// <summary>The value of stream_options in a request.</summary>
internal enum StreamOptionsForm
{
    /// <summary>The literal null.</summary>
    Null,

    /// <summary>An object without members.</summary>
    Empty,

    /// <summary>An object with members.</summary>
    Filled,
}

/// <summary>What one pass over a request body found: all that routing needs, and where to splice. Offsets are into the body.</summary>
internal sealed class RequestScan
{
    /// <summary>The model that the client asked for.</summary>
    public string Model { get; set; } = "";

    /// <summary>The bytes of the model's value, quotes included.</summary>
    public Range ModelValue { get; set; }

    /// <summary>The client asked for a stream.</summary>
    public bool Stream { get; set; }

    /// <summary>The client asked for the usage chunk.</summary>
    public bool IncludeUsage { get; set; }

    /// <summary>The bytes of the value of stream_options, or null when the field is absent.</summary>
    public Range? StreamOptionsValue { get; set; }

    /// <summary>The bytes of the value of stream_options.include_usage, or null when absent.</summary>
    public Range? IncludeUsageValue { get; set; }

    /// <summary>What the value of stream_options is.</summary>
    public StreamOptionsForm StreamOptions { get; set; }

    /// <summary>Where the closing brace of the body is.</summary>
    public int ClosingBrace { get; set; }

    /// <summary>Choices asked for. Default 1.</summary>
    public int Choices { get; set; } = 1;

    /// <summary>The request asks for medium or high reasoning effort.</summary>
    public bool Reasons { get; set; }

    /// <summary>The request offers tools or functions.</summary>
    public bool HasTools { get; set; }

    /// <summary>The request asks for an answer that is not plain text: a response_format of another type than text.</summary>
    public bool HasResponseFormat { get; set; }

    /// <summary>max_completion_tokens, or max_tokens, or null.</summary>
    public long? MaxTokens { get; set; }

    /// <summary>That format is a JSON schema.</summary>
    public bool HasSchema { get; set; }

    /// <summary>It has fields that tune the answer: what a target may take otherwise.</summary>
    public bool HasOptions { get; set; }

    /// <summary>The bytes of the value of max_completion_tokens, or null when it is absent or no whole number.</summary>
    public Range? MaxCompletionTokensValue { get; set; }

    /// <summary>The bytes of the value of max_tokens, or null when it is absent or no whole number.</summary>
    public Range? MaxTokensValue { get; set; }

    /// <summary>The bytes of the last of the messages; 0..0 for embeddings.</summary>
    public Range LastMessage { get; set; }
}
