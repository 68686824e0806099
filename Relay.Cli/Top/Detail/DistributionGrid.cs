using Relay.Cli.Top.Live;
using Relay.Cli.Top.Table;
using Relay.V1;
using Spectre.Console;

namespace Relay.Cli.Top.Detail;

/// <summary>Percentiles and the like, as many columns as fit.</summary>
internal static class DistributionGrid
{
    private const int NameWidth = 14;
    private const int ColumnWidth = 8;

    /// <summary>From left to right; the highest rank goes first when it gets narrow.</summary>
    private static readonly (string Head, int Rank, Func<Distribution, double> Of)[] Columns =
    [
        ("p50", 0, d => d.P50), ("p90", 5, d => d.P90), ("p95", 1, d => d.P95), ("p99", 3, d => d.P99), ("avg", 2, d => d.Avg), ("min", 6, d => d.Min), ("max", 4, d => d.Max),
    ];

    /// <summary>Draws all four distributions.</summary>
    public static Grid Of(Figures figures, int width)
    {
        var fitting = Math.Max(1, (width - NameWidth) / ColumnWidth);
        var columns = Columns.Where(column => column.Rank < fitting).ToArray();
        var grid = new Grid();
        grid.AddColumn(new GridColumn { Width = Math.Min(NameWidth, width), NoWrap = true, Padding = new Padding(0) });
        foreach (var _ in columns)
        {
            grid.AddColumn(new GridColumn { Width = ColumnWidth, NoWrap = true, Padding = new Padding(0) });
        }

        grid.AddRow([Painter.Text(""), .. columns.Select(column => Painter.Text(Right(column.Head), Tone.Faint))]);
        Add("latency", figures.LatencyMs, Format.Milliseconds);
        Add("first token", figures.FirstTokenMs, Format.Milliseconds);
        Add("between tokens", figures.InterTokenMs, Format.Milliseconds);
        Add("tokens/s", figures.TokensPerSecond, Format.Rate);
        return grid;

        void Add(string name, Distribution? of, Func<double?, string> format) => grid.AddRow(
            [Painter.Text(name), .. columns.Select(column => of is null ? Painter.Text(Right(Format.None), Tone.Faint) : Painter.Text(Right(format(column.Of(of)))))]);
    }

    private static string Right(string text) => FittedTable.Fit(text, ColumnWidth, isLeft: false);
}
