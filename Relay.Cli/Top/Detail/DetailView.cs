using Relay.Cli.Server;
using Relay.Cli.Top.Live;
using Relay.Cli.Top.Table;
using Relay.V1;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Relay.Cli.Top.Detail;

/// <summary>Everything about one row: distributions, errors, tokens, money, breakers and failovers.</summary>
internal static class DetailView
{
    /// <summary>Blocks stand side by side from here on.</summary>
    private const int WideFrom = 76;

    /// <summary>Puts it together.</summary>
    /// <param name="row">What it is about.</param>
    /// <param name="strategy">A model's strategy; empty for others.</param>
    /// <param name="pasts">Breakers and failovers; null: they have not come yet.</param>
    /// <param name="now">The time by the server's clock.</param>
    /// <param name="width">The cells of a line.</param>
    public static IRenderable Of(Row row, string strategy, DetailStats? pasts, DateTime now, int width)
    {
        var figures = row.Figures;
        IRenderable[] blocks =
        [
            Counts("Errors", [.. figures.Errors.OrderByDescending(error => error.Value).ThenBy(error => error.Key, StringComparer.Ordinal).Select(error => (Printable.Text(error.Key), Format.Count(error.Value)))]),
            Counts("Tokens", Tokens(figures)),
            Counts("Cost", Money(figures)),
        ];
        var parts = new List<IRenderable> { Heading(row, strategy, width), Painter.Line(width, Summary(row)), Painter.Text(""), DistributionGrid.Of(figures, width), Painter.Text("") };
        parts.AddRange(width >= WideFrom ? [SideBySide(blocks)] : blocks.SelectMany(block => new[] { block, Painter.Text("") }));
        parts.AddRange(width >= WideFrom ? [Painter.Text("")] : []);
        parts.AddRange(PastView.Of(pasts, now, width));
        return new Rows(parts);
    }

    private static Paragraph Heading(Row row, string strategy, int width)
    {
        var (kind, name, more) = row switch
        {
            { IsTotal: true } => ("", "all models", ""),
            { IsTarget: true } => ("target ", Printable.Text(row.Id.Target), $"  of model {Printable.Text(row.Id.Model)}"),
            _ => ("model ", Printable.Text(row.Id.Model), $"  {Printable.Text(strategy)}"),
        };
        return Painter.Line(width, new(kind), new(name, Tone.Strong), new(more, Tone.Faint));
    }

    private static IEnumerable<Cell> Summary(Row row)
    {
        var figures = row.Figures;
        yield return new($"{Format.Count(figures.Count)} {(row.IsTarget ? "attempts" : "requests")}  ");
        yield return new($"{(figures.HasSuccessRate ? Format.Percent(figures.SuccessRate) : Format.None)} well  ");
        yield return new($"{Format.Count(figures.Active)} active  ");
        (string Word, long Count)[] others =
        [
            ("attempts", row.IsTarget ? 0 : figures.Attempts), ("streams", figures.Streams), ("retries", figures.Retries), ("failovers", figures.Failovers),
            ("rescues", figures.Rescues), ("slow", figures.Slow), ("malformed events", figures.MalformedEvents),
        ];
        foreach (var (word, count) in others.Where(other => other.Count > 0))
        {
            yield return new($"{Format.Count(count)} {word}  ", Tone.Faint);
        }
    }

    private static (string, string)[] Tokens(Figures figures)
    {
        var tokens = figures.Tokens ?? new();
        return
        [
            .. TokenTable.Of(tokens).Where(category => category.Count > 0).Select(category => (category.Name.Replace('_', ' '), Format.Count(category.Count))),
            ("total", Format.Count(tokens.Total)),
            .. figures.WastedTokens > 0 ? [("wasted", Format.Count(figures.WastedTokens))] : Array.Empty<(string, string)>(),
        ];
    }

    private static (string, string)[] Money(Figures figures) =>
    [
        ("known", figures.HasCostNanoUsd ? Format.Cost(figures.CostNanoUsd) : Format.None),
        ("per 1,000 tokens", figures.HasCostPer1000TokensUsd ? Format.Cost((long)Math.Round(figures.CostPer1000TokensUsd * 1e9)) : Format.None),
        ("wasted", Format.Cost(figures.WastedCostNanoUsd)),
        ("answers without price", Format.Count(figures.Unpriced)),
        ("answers estimated", Format.Count(figures.Estimated)),
    ];

    private static Grid Counts(string heading, (string Name, string Value)[] counts)
    {
        var grid = new Grid();
        grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        grid.AddColumn(new GridColumn { NoWrap = true, Alignment = Justify.Right, Padding = new Padding(0) });
        grid.AddRow(Painter.Text(heading, Tone.Strong), Painter.Text(""));
        foreach (var (name, value) in counts)
        {
            grid.AddRow(Painter.Text(name), Painter.Text(value));
        }

        if (counts.Length == 0)
        {
            grid.AddRow(Painter.Text("none", Tone.Faint), Painter.Text(""));
        }

        return grid;
    }

    private static Grid SideBySide(IRenderable[] blocks)
    {
        var grid = new Grid();
        foreach (var _ in blocks)
        {
            grid.AddColumn(new GridColumn { Padding = new Padding(0, 0, 5, 0) });
        }

        return grid.AddRow(blocks);
    }
}
