namespace Relay.Simulator;

/// <summary>A call of a tool. Its arguments are its block's pieces.</summary>
/// <param name="Key">Sixteen hexadecimal digits, which a dialect makes its id of.</param>
/// <param name="Name">The tool's name.</param>
internal sealed record ToolCall(string Key, string Name);

/// <summary>A text or a tool call: the first <paramref name="Count"/> pieces.</summary>
internal sealed record PlannedBlock(AnswerPieces Pieces, int Count, ToolCall? Tool = null)
{
    public string Text => Pieces.Take(Count);
}

/// <summary>What one choice will say, and why it ends there. It has one text, or one or several tool calls.</summary>
internal sealed class PlannedChoice(int index, PlannedBlock[] blocks, FinishReason reason, string? stopSequence = null)
{
    public int Index => index;

    public PlannedBlock[] Blocks => blocks;

    public FinishReason Reason => reason;

    /// <summary>The sequence of a <see cref="FinishReason.StopSequence"/>.</summary>
    public string? StopSequence => stopSequence;

    /// <summary>Pieces of all blocks.</summary>
    public int Count { get; } = blocks.Sum(b => b.Count);

    public bool CallsTools => blocks[0].Tool is not null;

    /// <summary>The block that holds the piece at <paramref name="position"/>, and where in it.</summary>
    public int BlockAt(int position, out int offset)
    {
        var block = 0;
        offset = position;
        while (offset >= blocks[block].Count)
        {
            offset -= blocks[block].Count;
            block++;
        }

        return block;
    }
}
