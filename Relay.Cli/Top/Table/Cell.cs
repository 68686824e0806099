namespace Relay.Cli.Top.Table;

/// <summary>What a text says about the health of things; colours follow it.</summary>
internal enum Tone
{
    /// <summary>Nothing.</summary>
    Plain,

    /// <summary>It matters less.</summary>
    Faint,

    /// <summary>It leads.</summary>
    Strong,

    /// <summary>It is as it should be.</summary>
    Good,

    /// <summary>It wants a look.</summary>
    Warning,

    /// <summary>It is broken.</summary>
    Bad,
}

/// <summary>A text of the table.</summary>
internal readonly record struct Cell(string Text, Tone Tone = Tone.Plain);
