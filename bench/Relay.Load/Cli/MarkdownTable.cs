using System.Text;

namespace Relay.Load.Cli;

/// <summary>A Markdown table: columns of text left, those of figures right.</summary>
internal sealed class MarkdownTable(params string[] heads)
{
    private readonly List<string[]> _rows = [];

    /// <summary>How many columns from the first on hold text. Default 1.</summary>
    public int TextColumns { get; init; } = 1;

    /// <summary>It has no row.</summary>
    public bool IsEmpty => _rows.Count == 0;

    /// <summary>Adds a row.</summary>
    public void Add(params string[] cells) => _rows.Add(cells);

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        Append(text, heads);
        Append(text, heads.Select((_, i) => i < TextColumns ? "---" : "---:"));
        foreach (var row in _rows)
        {
            Append(text, row);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
