using Relay.Cli.Server;
using Relay.Cli.Top.Table;

namespace Relay.Cli.Top.Live;

/// <summary>What keys do.</summary>
internal static class Keys
{
    private static readonly SortBy[] Sorts = Enum.GetValues<SortBy>();

    /// <summary>The state after a key; the same when the key means nothing.</summary>
    /// <param name="state">The state before it.</param>
    /// <param name="key">The key.</param>
    /// <param name="rows">The rows of the table, in their order.</param>
    /// <param name="page">How many lines are seen at once.</param>
    public static ViewState Press(ViewState state, ConsoleKeyInfo key, IReadOnlyList<RowId> rows, int page)
    {
        if (key.Modifiers.HasFlag(ConsoleModifiers.Control) || key.KeyChar == '\u0003')
        {
            return key.Key == ConsoleKey.C || key.KeyChar == '\u0003' ? state with { IsOver = true } : state;
        }

        return key.KeyChar switch
        {
            'q' or 'Q' => state with { IsOver = true },
            's' => state with { Sort = Next(Sorts, state.Sort, 1), Scroll = 0 },
            'S' => state with { Sort = Next(Sorts, state.Sort, -1), Scroll = 0 },
            'r' or 'R' => state with { IsReversed = !state.IsReversed, Scroll = 0 },
            'w' => state with { Window = Next(Words.Windows, state.Window, 1) },
            'W' => state with { Window = Next(Words.Windows, state.Window, -1) },
            _ => state.Detail is null ? InTable(state, key, rows, page) : InDetail(state, key, page),
        };
    }

    private static ViewState InTable(ViewState state, ConsoleKeyInfo key, IReadOnlyList<RowId> rows, int page) => Movement(key, page) is { } by
        ? state with { Selected = rows[(int)Math.Clamp(Place(rows, state.Selected) + by, 0, rows.Count - 1)] }
        : key.Key is ConsoleKey.Enter or ConsoleKey.RightArrow || key.KeyChar is '\r' or '\n' or 'l'
        ? state with { Detail = rows[Place(rows, state.Selected)], Scroll = 0 }
        : state;

    private static ViewState InDetail(ViewState state, ConsoleKeyInfo key, int page) => Movement(key, page) is { } by
        ? state with { Scroll = (int)Math.Clamp(state.Scroll + by, 0, int.MaxValue) }
        : key.Key is ConsoleKey.Escape or ConsoleKey.Backspace or ConsoleKey.LeftArrow || key.KeyChar is '\u001b' or '\b' or '\u007f' or 'h'
        ? state with { Detail = null, Scroll = 0 }
        : state;

    /// <summary>How many rows or lines a key goes down; null when it is for something else.</summary>
    private static long? Movement(ConsoleKeyInfo key, int page) => (key.Key, key.KeyChar) switch
    {
        (ConsoleKey.UpArrow, _) or (_, 'k') => -1,
        (ConsoleKey.DownArrow, _) or (_, 'j') => 1,
        (ConsoleKey.PageUp, _) => -Math.Max(1, page),
        (ConsoleKey.PageDown, _) or (_, ' ') => Math.Max(1, page),
        (ConsoleKey.Home, _) or (_, 'g') => -int.MaxValue,
        (ConsoleKey.End, _) or (_, 'G') => int.MaxValue,
        _ => null,
    };

    /// <summary>Where the selected row is; the first one when it is gone.</summary>
    private static int Place(IReadOnlyList<RowId> rows, RowId selected)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i] == selected)
            {
                return i;
            }
        }

        return 0;
    }

    private static T Next<T>(T[] values, T value, int by) => values[(Array.IndexOf(values, value) + by + values.Length) % values.Length];
}
