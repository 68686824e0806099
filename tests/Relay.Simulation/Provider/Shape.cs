namespace Relay.Simulation.Provider;

/// <summary>What a request asks for.</summary>
internal enum Shape : byte
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>Two choices of text.</summary>
    TwoChoices,

    /// <summary>A tool call.</summary>
    Tool,

    /// <summary>Text under a JSON response format.</summary>
    Json,
}
