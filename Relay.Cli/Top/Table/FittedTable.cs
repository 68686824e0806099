using Spectre.Console.Rendering;

namespace Relay.Cli.Top.Table;

/// <summary>The table in as many columns as fit: the least important ones are left out, then the names are cut.</summary>
internal sealed class FittedTable
{
    /// <summary>Between two columns.</summary>
    public const int Gap = 2;

    /// <summary>Names keep this much while there is a column to leave out.</summary>
    private const int EnoughName = 24;

    private const int LeastName = 8;

    private FittedTable(Column[] columns, Cell[][] cells, int[] widths, int nameWidth, IReadOnlyList<Row> rows) =>
        (Columns, Cells, Widths, NameWidth, Rows) = (columns, cells, widths, nameWidth, rows);

    /// <summary>The columns that fit, without the name's.</summary>
    public Column[] Columns { get; }

    /// <summary>The cells of those, row by row.</summary>
    public Cell[][] Cells { get; }

    /// <summary>Their widths in terminal cells.</summary>
    public int[] Widths { get; }

    /// <summary>The width of the names.</summary>
    public int NameWidth { get; }

    /// <summary>The rows.</summary>
    public IReadOnlyList<Row> Rows { get; }

    /// <summary>Fits rows into a width.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="now">The time by the server's clock.</param>
    /// <param name="width">In terminal cells.</param>
    public static FittedTable Of(IReadOnlyList<Row> rows, DateTime now, int width)
    {
        var all = Column.All.ToDictionary(column => column, column => rows.Select(row => column.Of(row, now)).ToArray());
        var widths = all.ToDictionary(column => column.Key, column => column.Value.Select(cell => WidthOf(cell.Text)).Append(column.Key.Header.Length).Max());
        var longest = rows.Select(row => WidthOf(row.Name)).DefaultIfEmpty(0).Max();

        var columns = Column.All.Where(column => column != Column.ShortBreaker).ToList();
        int Rest() => width - columns.Sum(column => widths[column] + Gap);
        while (columns.Count > 0 && Rest() < Math.Min(longest, columns.Count == 1 ? LeastName : EnoughName))
        {
            var least = columns.MaxBy(column => column.Rank)!;
            var place = columns.IndexOf(least);
            columns.RemoveAt(place);
            if (least == Column.LongBreaker)
            {
                columns.Insert(place, Column.ShortBreaker);
            }
        }

        var nameWidth = Math.Max(1, Math.Min(longest, Rest()));
        return new([.. columns], [.. rows.Select((_, i) => columns.Select(column => all[column][i]).ToArray())], [.. columns.Select(column => widths[column])], nameWidth, rows);
    }

    /// <summary>How many cells of a terminal a text takes.</summary>
    public static int WidthOf(string text) => new Segment(text).CellCount();

    /// <summary>The text in this many cells: filled with spaces, or cut with an ellipsis.</summary>
    public static string Fit(string text, int width, bool isLeft)
    {
        var taken = WidthOf(text);
        if (taken > width)
        {
            var cut = text;
            while (cut.Length > 0 && WidthOf(cut) > width - 1)
            {
                cut = cut[..^(cut.Length > 1 && char.IsLowSurrogate(cut[^1]) ? 2 : 1)];
            }

            return Fit($"{cut}…", width, isLeft);
        }

        var spaces = new string(' ', width - taken);
        return isLeft ? text + spaces : spaces + text;
    }
}
