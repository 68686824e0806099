using Relay.Cli.Server;
using Relay.Cli.Top.Table;
using Relay.V1;

namespace Relay.Cli.Top.Live;

/// <summary>
/// The live screen: draws when a frame or a key came, and once a second for the ages on it.
/// <code>
/// WatchStats -> LiveStats --.
/// ListBreakers, ... -> Detail ---> signal -> keys -> ViewState -> lines -> terminal
/// keys, size, every second -'
/// </code>
/// </summary>
internal sealed class TopScreen(TopOptions options, StatsServer server, ITerminal terminal, TimeProvider time)
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly Signal _signal = new();
    private volatile DetailStats? _detail;
    private volatile LiveStats? _live;

    /// <summary>Draws until q or Ctrl-C; the terminal is then as it was, whatever happens.</summary>
    /// <param name="first">The figures to begin with.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="IOException">The terminal is gone.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task RunAsync(ListModelsResponse first, CancellationToken cancellation)
    {
        var now = time.GetTimestamp();
        _live = new(first, now, new(Link.Connecting), now);
        await using var watch = new Switched<string>(WatchAsync);
        await using var details = new Switched<RowId>((about, end) => DetailStats.FollowAsync(server, about, Tell, time, end));
        await using var tick = time.CreateTimer(_ => _signal.Set(), null, Tick, Tick);
        terminal.Changed += _signal.Set;
        terminal.Enter();
        try
        {
            var state = new ViewState { Window = options.Window, Sort = options.Sort };
            while (!state.IsOver)
            {
                watch.To(Words.Of(state.Window));
                details.To(state.Detail);
                state = Draw(state, _live);
                await _signal.WaitAsync(cancellation);
                state = Press(state, _live);
            }
        }
        finally
        {
            terminal.Leave();
            terminal.Changed -= _signal.Set;
        }
    }

    private Row[] Rows(ViewState state, LiveStats live) => Row.Of(live.Stats, state.Sort, state.IsReversed, options.Model);

    private ViewState Press(ViewState state, LiveStats live)
    {
        while (!state.IsOver && terminal.TryReadKey(out var key))
        {
            var rows = Rows(state, live);
            state = Keys.Press(state, key, [.. rows.Select(row => row.Id)], terminal.Size.Height - Picture.Frame);
        }

        return state;
    }

    private ViewState Draw(ViewState state, LiveStats live)
    {
        var picture = new Picture(options, state, live, _detail, Rows(state, live), time);
        terminal.Draw(picture.Lines(terminal.Size, terminal.Colors));
        return state with { Scroll = picture.Scroll };
    }

    private async Task WatchAsync(string window, CancellationToken end)
    {
        var feed = new WatchFeed(server, options.Interval, time);
        await foreach (var news in feed.ReadAsync(Words.Windows.First(known => Words.Of(known) == window), end))
        {
            _live = _live!.With(news, time.GetTimestamp());
            _signal.Set();
        }
    }

    private void Tell(DetailStats detail)
    {
        _detail = detail;
        _signal.Set();
    }
}
