using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Relay.Cli.Top;
using Spectre.Console;

namespace Relay.Cli.Tests.Rig;

/// <summary>A terminal whose screen the test reads, and whose keys it presses.</summary>
internal sealed partial class FakeTerminal(int width = 120, int height = 24) : ITerminal
{
    private readonly Lock _gate = new();
    private readonly ConcurrentQueue<ConsoleKeyInfo> _keys = new();
    private readonly List<(Func<string, bool> Wanted, TaskCompletionSource<string> Seen)> _waits = [];
    private string _screen = "";

    public event Action? Changed;

    public (int Width, int Height) Size { get; private set; } = (width, height);

    public ColorSystemSupport Colors { get; init; } = ColorSystemSupport.Standard;

    public bool IsDrawing { get; private set; }

    public int Entered { get; private set; }

    /// <summary>Thrown at the next drawing.</summary>
    public Exception? Fault { get; set; }

    /// <summary>The last screen as it was sent.</summary>
    public IReadOnlyList<string> Raw { get; private set; } = [];

    public void Enter() => (IsDrawing, Entered) = (true, Entered + 1);

    public void Leave() => IsDrawing = false;

    public void Draw(IReadOnlyList<string> lines)
    {
        if (Fault is { } fault)
        {
            throw fault;
        }

        Assert.True(IsDrawing);
        Assert.True(lines.Count <= Size.Height, $"{lines.Count} lines on {Size.Height}");
        Raw = [.. lines];
        var text = string.Join('\n', lines.Select(line => Escapes().Replace(line, "").TrimEnd()));
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, Size.Width));
        lock (_gate)
        {
            _screen = text;
            foreach (var wait in _waits.Where(wait => wait.Wanted(text)).ToArray())
            {
                _waits.Remove(wait);
                wait.Seen.SetResult(text);
            }
        }
    }

    public bool TryReadKey(out ConsoleKeyInfo key) => _keys.TryDequeue(out key);

    public void Press(char letter, ConsoleKey key = ConsoleKey.None, bool control = false)
    {
        _keys.Enqueue(new ConsoleKeyInfo(letter, key, shift: false, alt: false, control));
        Changed?.Invoke();
    }

    public void Resize(int width, int height)
    {
        Size = (width, height);
        Changed?.Invoke();
    }

    /// <summary>The first screen, from now on, that is as wanted; the present one counts.</summary>
    public async Task<string> SeeAsync(Func<string, bool> wanted)
    {
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (wanted(_screen))
            {
                return _screen;
            }

            _waits.Add((wanted, seen));
        }

        try
        {
            return await seen.Task.WaitAsync(Shell.Patience);
        }
        catch (OperationCanceledException e)
        {
            throw new InvalidOperationException($"The screen did not come; the last one is:\n{_screen}", e);
        }
    }

    public Task<string> SeeAsync(string text) => SeeAsync(screen => screen.Contains(text, StringComparison.Ordinal));

    [GeneratedRegex("\e\\[[0-9;]*m", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Escapes();
}
