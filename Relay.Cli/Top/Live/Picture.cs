using Relay.Cli.Server;
using Relay.Cli.Top.Detail;
using Relay.Cli.Top.Table;
using Spectre.Console;

namespace Relay.Cli.Top.Live;

/// <summary>One picture of the live screen: a line of head, the table or the details, and a line of keys.</summary>
internal sealed class Picture(TopOptions options, ViewState state, LiveStats live, DetailStats? detail, IReadOnlyList<Row> rows, TimeProvider time)
{
    /// <summary>Lines around the rows that scroll: head, space, column heads, total, keys.</summary>
    public const int Frame = 5;

    private readonly DateTime _now = live.ServerNow(time);

    /// <summary>What was asked for, brought within what there is.</summary>
    public int Scroll { get; private set; } = state.Scroll;

    /// <summary>The picture in a size.</summary>
    public List<string> Lines((int Width, int Height) size, ColorSystemSupport colors)
    {
        var lines = Painter.Lines(Head(size.Width), size.Width, colors);
        lines.AddRange(Painter.Lines(Painter.Line(size.Width, new Cell(live.News.Problem ?? "", Tone.Faint)), size.Width, colors));
        var room = Math.Max(1, size.Height - lines.Count - 1);
        lines.AddRange(state.Detail is { } about ? Details(about, size.Width, room, colors) : Table(size.Width, room, colors));
        while (lines.Count < size.Height - 1)
        {
            lines.Add("");
        }

        lines.AddRange(Painter.Lines(Foot(size.Width), size.Width, colors));
        return lines.Count > size.Height ? lines[..Math.Max(0, size.Height)] : lines;
    }

    private Paragraph Head(int width)
    {
        var link = live.News.Link switch
        {
            Link.Live => new Cell("live", Tone.Good),
            Link.Connecting => new Cell("connecting", Tone.Warning),
            _ => new Cell($"connection lost, trying again in {Format.Span(live.News.RetryIn - time.GetElapsedTime(live.Told))}", Tone.Bad),
        };
        var age = live.News.Link == Link.Live ? "" : $"  figures of {Format.Span(time.GetElapsedTime(live.Received))} ago";
        return Painter.Line(
            width,
            new Cell("Relay ", Tone.Strong),
            new Cell($"{options.Address}"),
            new Cell("  "),
            link,
            new Cell($"  window {Words.Of(state.Window)}{(live.Stats.Window == state.Window ? "" : $" (figures of {Words.Of(live.Stats.Window)})")}"),
            new Cell($"  {time.GetLocalNow():HH:mm:ss}", Tone.Faint),
            new Cell(age, Tone.Warning));
    }

    private Paragraph Foot(int width)
    {
        var back = state.Detail is null ? "" : "Esc back  ";
        var move = state.Detail is null ? "Enter details  ↑↓ select  " : "↑↓ scroll  ";
        return Painter.Line(
            width,
            new Cell("q quit  ", Tone.Faint),
            new Cell(back, Tone.Faint),
            new Cell(state.Detail is null ? $"s sort: {Sorting.Word(state.Sort)}{(state.IsReversed ? " reversed" : "")}  " : "", Tone.Faint),
            new Cell($"w window: {Words.Of(state.Window)}  ", Tone.Faint),
            new Cell(move, Tone.Faint),
            new Cell(state.Detail is null ? "r reverse" : "", Tone.Faint));
    }

    private List<string> Details(RowId about, int width, int room, ColorSystemSupport colors)
    {
        var row = rows.FirstOrDefault(row => row.Id == about);
        var strategy = live.Stats.Models.FirstOrDefault(model => model.Model == about.Model)?.Strategy ?? "";
        var content = row is null
            ? Painter.Text("It is not configured any more.", Tone.Warning)
            : DetailView.Of(row, strategy, Pasts(row), _now, width);
        var lines = Painter.Lines(content, width, colors);
        Scroll = Math.Clamp(Scroll, 0, Math.Max(0, lines.Count - room));
        return lines[Scroll..Math.Min(lines.Count, Scroll + room)];
    }

    /// <summary>Breakers and failovers of the row: of a model, those of its own targets.</summary>
    private DetailStats? Pasts(Row row)
    {
        if (detail?.About != row.Id || row.IsTarget || row.IsTotal)
        {
            return detail?.About == row.Id ? detail : null;
        }

        var own = live.Stats.Models.First(model => model.Model == row.Id.Model).Targets.Select(target => target.Target).ToHashSet(StringComparer.Ordinal);
        return detail with { Breakers = [.. detail.Breakers.Where(breaker => own.Contains(breaker.Target))] };
    }

    private List<string> Table(int width, int room, ColorSystemSupport colors)
    {
        var table = FittedTable.Of(rows, _now, width);
        var below = Math.Max(1, room - 2);
        var selected = Math.Max(0, rows.ToList().FindIndex(row => row.Id == state.Selected));

        // The total stays; the rows below it scroll so that the selected one is seen.
        var first = Math.Clamp(Scroll, Math.Max(0, selected - below), Math.Max(0, selected - 1));
        Scroll = Math.Max(0, Math.Min(first, rows.Count - 1 - below));
        var grid = TableView.Of(table, [0, .. Enumerable.Range(1 + Scroll, Math.Max(0, Math.Min(below, rows.Count - 1 - Scroll)))], selected, state.Sort);
        return Painter.Lines(grid, width, colors);
    }
}
