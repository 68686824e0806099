using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Channels;
using Spectre.Console;

namespace Relay.Cli.Top.Terminal;

/// <summary>
/// The terminal that this process runs in. It draws on the alternate screen, so that what was there before comes back; also when the process
/// is suspended (Ctrl-Z) and goes on.
/// </summary>
internal sealed class SystemTerminal : ITerminal, IDisposable
{
    // https://invisible-island.net/xterm/ctlseqs/ctlseqs.html: alternate screen, cursor, line wrap,
    // the keypad (which .NET turns on for reading keys, and leaves on), and synchronized output.
    private const string EnterText = "\e[?1049h\e[?1h\e=\e[?25l\e[?7l";
    private const string LeaveText = "\e[?2026l\e[0m\e[?7h\e[?25h\e[?1l\e>\e[?1049l";

    private readonly Lock _gate = new();
    private readonly Stream _output;
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly Channel<ConsoleKeyInfo> _keys = Channel.CreateBounded<ConsoleKeyInfo>(new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropWrite });
    private bool _isWanted;
    private bool _isDrawing;
    private bool _reads;

    private SystemTerminal(Stream output, ColorSystemSupport colors) => (_output, Colors) = (output, colors);

    /// <inheritdoc/>
    public event Action? Changed;

    /// <inheritdoc/>
    public (int Width, int Height) Size => (Known(Console.WindowWidth, 80), Known(Console.WindowHeight, 24));

    /// <inheritdoc/>
    public ColorSystemSupport Colors { get; }

    /// <summary>The terminal; null when output goes elsewhere or the terminal cannot be drawn on.</summary>
    /// <param name="output">Where its bytes go.</param>
    public static SystemTerminal? TryOpen(Stream output)
    {
        var profile = AnsiConsole.Profile;
        if (Console.IsOutputRedirected || !profile.Capabilities.Ansi)
        {
            return null;
        }

        // NO_COLOR (https://no-color.org): any value but an empty one.
        var isPlain = Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
        return new(output, isPlain ? ColorSystemSupport.NoColors : (ColorSystemSupport)profile.Capabilities.ColorSystem);
    }

    /// <inheritdoc/>
    public void Enter()
    {
        Listen();
        lock (_gate)
        {
            _isWanted = true;
            Begin();
        }
    }

    /// <inheritdoc/>
    public void Leave()
    {
        lock (_gate)
        {
            _isWanted = false;
            End();
        }
    }

    /// <inheritdoc/>
    public void Draw(IReadOnlyList<string> lines)
    {
        var text = new StringBuilder("\e[?2026h\e[H");
        for (var i = 0; i < lines.Count; i++)
        {
            text.Append(lines[i]).Append("\e[0m\e[K").Append(i < lines.Count - 1 ? "\r\n" : "\e[J");
        }

        lock (_gate)
        {
            if (_isDrawing)
            {
                Write(text.Append("\e[?2026l").ToString());
            }
        }
    }

    /// <inheritdoc/>
    public bool TryReadKey(out ConsoleKeyInfo key) => _keys.Reader.TryRead(out key);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }

        _signals.Clear();
    }

    /// <summary>Some terminals do not tell their size.</summary>
    private static int Known(int told, int otherwise) => told > 0 ? told : otherwise;

    /// <summary>Keys and signals, from the first drawing on. A process whose input is no terminal has no keys.</summary>
    private void Listen()
    {
        if (_reads)
        {
            return;
        }

        _reads = true;
        if (!Console.IsInputRedirected)
        {
            new Thread(ReadKeys) { IsBackground = true, Name = "keys" }.Start();
        }

        if (!OperatingSystem.IsWindows())
        {
            _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Changed?.Invoke()));
            _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTSTP, _ => Suspend()));
            _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => Resume()));
        }
    }

    private void ReadKeys()
    {
        try
        {
            while (true)
            {
                _keys.Writer.TryWrite(Console.ReadKey(intercept: true));
                Changed?.Invoke();
            }
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            // The terminal is gone; drawing will say so.
        }
    }

    private void Suspend()
    {
        lock (_gate)
        {
            End();
        }
    }

    private void Resume()
    {
        lock (_gate)
        {
            if (_isWanted)
            {
                Begin();
            }
        }

        Changed?.Invoke();
    }

    private void Begin()
    {
        if (!_isDrawing)
        {
            _isDrawing = true;
            Write(EnterText);
        }
    }

    private void End()
    {
        if (_isDrawing)
        {
            _isDrawing = false;
            Write(LeaveText);
        }
    }

    private void Write(string text)
    {
        _output.Write(Encoding.UTF8.GetBytes(text));
        _output.Flush();
    }
}
