using Relay.Cli.Top.Table;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Relay.Cli.Top.Live;

/// <summary>Turns Spectre's renderables into the lines of a terminal.</summary>
internal static class Painter
{
    /// <summary>The style of a tone: the terminal's own colours, so that its theme holds.</summary>
    public static Style StyleOf(Tone tone) => tone switch
    {
        Tone.Faint => new(decoration: Decoration.Dim),
        Tone.Strong => new(decoration: Decoration.Bold),
        Tone.Good => new(Color.Green),
        Tone.Warning => new(Color.Olive),
        Tone.Bad => new(Color.Red, decoration: Decoration.Bold),
        _ => Style.Plain,
    };

    /// <summary>A text of one tone.</summary>
    public static Text Text(string text, Tone tone = Tone.Plain) => new(text, StyleOf(tone));

    /// <summary>As much of a line as fits: pieces are left out from the end, and the first one is cut.</summary>
    public static Paragraph Line(int width, params IEnumerable<Cell> pieces)
    {
        var line = new Paragraph();
        var rest = width;
        foreach (var piece in pieces)
        {
            var taken = FittedTable.WidthOf(piece.Text);
            if (taken > rest && rest < width)
            {
                break;
            }

            line.Append(taken > rest ? FittedTable.Fit(piece.Text, rest, isLeft: true) : piece.Text, StyleOf(piece.Tone));
            rest -= Math.Min(taken, rest);
        }

        return line;
    }

    /// <summary>The lines of something drawn this wide.</summary>
    public static List<string> Lines(IRenderable renderable, int width, ColorSystemSupport colors)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = colors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        console.Profile.Width = Math.Max(1, width);
        console.Profile.Capabilities.Unicode = true;
        console.Write(renderable);
        return [.. text.ToString().TrimEnd('\n').Split('\n')];
    }
}
