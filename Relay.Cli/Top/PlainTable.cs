using System.Text;
using Relay.Cli.Server;
using Relay.Cli.Top.Table;
using Relay.V1;

namespace Relay.Cli.Top;

/// <summary>The table without colours, for <c>--once</c>.</summary>
internal static class PlainTable
{
    /// <summary>Writes a head line, the column heads and the rows.</summary>
    /// <param name="stats">The figures.</param>
    /// <param name="options">Sorting and selection.</param>
    /// <param name="width">The cells of a line; columns that do not fit are left out.</param>
    public static string Write(ListModelsResponse stats, TopOptions options, int width)
    {
        var now = stats.GeneratedAt.ToDateTime();
        var table = FittedTable.Of(Row.Of(stats, options.Sort, isReversed: false, options.Model), now, width);
        var text = new StringBuilder($"Relay {options.Address}, last {Words.Of(stats.Window)}, {now:yyyy-MM-dd HH:mm:ss}Z\n\n");
        WriteLine(text, table, "", column => column.Header);
        for (var i = 0; i < table.Rows.Count; i++)
        {
            var cells = table.Cells[i];
            WriteLine(text, table, table.Rows[i].Name, column => cells[Array.IndexOf(table.Columns, column)].Text);
        }

        return text.ToString().TrimEnd('\n');
    }

    private static void WriteLine(StringBuilder text, FittedTable table, string name, Func<Column, string> cell)
    {
        var line = FittedTable.Fit(name, table.NameWidth, isLeft: true)
            + string.Concat(table.Columns.Select((column, i) => new string(' ', FittedTable.Gap) + FittedTable.Fit(cell(column), table.Widths[i], column.IsLeft)));
        text.Append(line.TrimEnd()).Append('\n');
    }
}
