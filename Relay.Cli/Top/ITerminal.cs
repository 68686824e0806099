using Spectre.Console;

namespace Relay.Cli.Top;

/// <summary>A terminal that can be drawn on.</summary>
internal interface ITerminal
{
    /// <summary>Told on any thread: a key came, the size changed, or all has to be drawn again.</summary>
    event Action? Changed;

    /// <summary>Columns and lines.</summary>
    (int Width, int Height) Size { get; }

    /// <summary>The colours that it may show.</summary>
    ColorSystemSupport Colors { get; }

    /// <summary>Begins to draw: what was there before is kept aside.</summary>
    void Enter();

    /// <summary>Puts everything back as it was. May be called at any time, any number of times.</summary>
    void Leave();

    /// <summary>Shows these lines, and nothing else.</summary>
    /// <exception cref="IOException">The terminal is gone.</exception>
    void Draw(IReadOnlyList<string> lines);

    /// <summary>Takes the next key; false when there is none.</summary>
    bool TryReadKey(out ConsoleKeyInfo key);
}
