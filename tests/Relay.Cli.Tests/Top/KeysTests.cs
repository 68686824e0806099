using Relay.Cli.Top;
using Relay.Cli.Top.Live;
using Relay.Cli.Top.Table;
using Relay.V1;

namespace Relay.Cli.Tests.Top;

/// <summary>What keys do to what is chosen.</summary>
public sealed class KeysTests
{
    private static readonly RowId[] Rows = [RowId.All, new("a", ""), new("a", "p/x"), new("b", ""), new("b", "p/x")];
    private static readonly ViewState Start = new() { Window = Window._5M, Sort = SortBy.Requests };

    [Fact]
    public void S_GoesThroughAllSortsAndBack()
    {
        var seen = new List<SortBy>();
        var state = Start;
        foreach (var _ in Enum.GetValues<SortBy>())
        {
            seen.Add(state.Sort);
            state = Press(state, 's');
        }

        Assert.Equal(Enum.GetValues<SortBy>(), seen);
        Assert.Equal(SortBy.Requests, state.Sort);
        Assert.Equal(SortBy.Name, Press(state, 'S').Sort);
        Assert.True(Press(state, 'r').IsReversed);
        Assert.False(Press(Press(state, 'r'), 'r').IsReversed);
    }

    [Fact]
    public void W_GoesThroughAllWindows()
    {
        Assert.Equal(Window._1H, Press(Start, 'w').Window);
        Assert.Equal(Window._1M, Press(Start, 'W').Window);
        Assert.Equal(Window._24H, Press(Press(Start, 'W'), 'W').Window);
    }

    [Fact]
    public void Movements_StayWithinTheRows()
    {
        Assert.Equal(Rows[0], Press(Start, 'k').Selected);
        Assert.Equal(Rows[1], Press(Start, 'j').Selected);
        Assert.Equal(Rows[1], Press(Start, '\0', ConsoleKey.DownArrow).Selected);
        Assert.Equal(Rows[2], Press(Start, '\0', ConsoleKey.PageDown).Selected);
        Assert.Equal(Rows[4], Press(Start, 'G').Selected);
        Assert.Equal(Rows[4], Press(Press(Start, '\0', ConsoleKey.End), 'j').Selected);
        Assert.Equal(Rows[0], Press(Press(Start, 'G'), '\0', ConsoleKey.Home).Selected);
        Assert.Equal(Rows[3], Press(Press(Start, 'G'), '\0', ConsoleKey.UpArrow).Selected);
    }

    [Fact]
    public void SelectedRowThatIsGone_GoesOnFromTheFirst() =>
        Assert.Equal(Rows[1], Press(Start with { Selected = new("gone", "") }, 'j').Selected);

    [Theory]
    [InlineData('\e', ConsoleKey.Escape)]
    [InlineData('\b', ConsoleKey.Backspace)]
    [InlineData('\u007f', ConsoleKey.Backspace)]
    [InlineData('\0', ConsoleKey.LeftArrow)]
    public void Enter_OpensDetailsAndTheseKeysCloseThem(char letter, ConsoleKey key)
    {
        var open = Press(Press(Press(Start, 'j'), 'j'), '\r', ConsoleKey.Enter);
        Assert.Equal((Rows[2], 0), (open.Detail, open.Scroll));
        Assert.Equal((Rows[2], 1), (Press(open, 'j').Detail, Press(open, 'j').Scroll));
        Assert.Equal(0, Press(open, 'k').Scroll);
        var closed = Press(Press(open, 'j'), letter, key);
        Assert.Equal((null, Rows[2], 0), (closed.Detail, closed.Selected, closed.Scroll));
    }

    [Fact]
    public void Q_AndControlCQuitEverywhere()
    {
        var open = Press(Start, '\r', ConsoleKey.Enter);
        Assert.True(Press(Start, 'q').IsOver);
        Assert.True(Press(open, 'q').IsOver);
        Assert.True(Keys.Press(open, new('\u0003', ConsoleKey.C, false, false, true), Rows, 2).IsOver);
        Assert.Equal(open, Keys.Press(open, new('\u0013', ConsoleKey.S, false, false, true), Rows, 2));
        Assert.Equal(Start, Press(Start, 'x'));
    }

    private static ViewState Press(ViewState state, char letter, ConsoleKey key = ConsoleKey.None) =>
        Keys.Press(state, new ConsoleKeyInfo(letter, key, false, false, false), Rows, page: 2);
}
