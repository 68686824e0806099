using System.Text;

namespace Relay.Gateway.Telemetry.Content;

/// <summary>One choice of an answer, as far as it has come.</summary>
internal sealed class OutputMessage
{
    private const int MaxCalls = 128;

    private readonly SortedList<int, OutputCall> _calls = [];

    /// <summary>What it says.</summary>
    public StringBuilder Text { get; } = new();

    /// <summary>What it thinks.</summary>
    public StringBuilder Reasoning { get; } = new();

    /// <summary>Why it ended; null while it has not.</summary>
    public string? FinishReason { get; set; }

    /// <summary>The tool call of an index; null past 128 of them.</summary>
    public OutputCall? CallAt(int index)
    {
        if (!_calls.TryGetValue(index, out var call) && _calls.Count < MaxCalls)
        {
            _calls[index] = call = new();
        }

        return call;
    }

    /// <summary>Writes its parts.</summary>
    public void Write(MessageWriter to)
    {
        if (Reasoning.Length > 0)
        {
            to.Part("reasoning", Reasoning.ToString());
        }

        if (Text.Length > 0)
        {
            to.Part("text", Text.ToString());
        }

        foreach (var call in _calls.Values)
        {
            ToolCalls.Write(to, call.Id, call.Name, call.Arguments.ToString());
        }
    }
}

/// <summary>One tool call, as far as it has come.</summary>
internal sealed class OutputCall
{
    /// <summary>Its id.</summary>
    public string? Id { get; set; }

    /// <summary>The tool's name.</summary>
    public string? Name { get; set; }

    /// <summary>Its arguments, JSON text.</summary>
    public StringBuilder Arguments { get; } = new();
}
