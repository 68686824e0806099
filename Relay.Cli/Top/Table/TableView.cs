using Relay.Cli.Top.Live;
using Spectre.Console;

namespace Relay.Cli.Top.Table;

/// <summary>The table with colours.</summary>
internal static class TableView
{
    /// <summary>Draws some rows of a table below its heads.</summary>
    /// <param name="table">The table.</param>
    /// <param name="shown">The places of the rows to draw.</param>
    /// <param name="selected">The place of the selected row.</param>
    /// <param name="sort">The column whose head stands out.</param>
    public static Grid Of(FittedTable table, IEnumerable<int> shown, int selected, SortBy sort)
    {
        var grid = new Grid();
        foreach (var width in table.Widths.Select(width => width + FittedTable.Gap).Prepend(table.NameWidth))
        {
            grid.AddColumn(new GridColumn { Width = width, NoWrap = true, Padding = new Padding(0) });
        }

        var heads = table.Columns.Select((column, i) => Head(Padded(column.Header, table.Widths[i], column.IsLeft), column.Sort == sort));
        grid.AddRow([Head(FittedTable.Fit("", table.NameWidth, isLeft: true), false), .. heads]);
        foreach (var place in shown)
        {
            var row = table.Rows[place];
            var name = FittedTable.Fit(row.Name, table.NameWidth, isLeft: true);

            // The name alone: over the figures it would hide their colours.
            var style = place == selected ? new Style(decoration: Decoration.Invert) : Style.Plain;
            var figures = table.Cells[place].Select((cell, i) => new Text(Padded(cell.Text, table.Widths[i], table.Columns[i].IsLeft), Painter.StyleOf(cell.Tone)));
            grid.AddRow([new Text(name, Painter.StyleOf(row.IsTarget ? Tone.Plain : Tone.Strong).Combine(style)), .. figures]);
        }

        return grid;
    }

    private static Text Head(string text, bool isSorted) => new(text, new Style(decoration: isSorted ? Decoration.Bold | Decoration.Underline : Decoration.Dim));

    private static string Padded(string text, int width, bool isLeft) => new string(' ', FittedTable.Gap) + FittedTable.Fit(text, width, isLeft);
}
