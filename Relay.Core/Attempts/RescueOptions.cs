namespace Relay.Core.Attempts;

/// <summary>Whether and how a stream that breaks after its first token is continued by another target.</summary>
public sealed record RescueOptions
{
    /// <summary>The defaults.</summary>
    public static RescueOptions Default { get; } = new();

    /// <summary>Streams of plain text are rescued. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// A repeat of the end of what was sent is left out when it is at least this many characters long; the same number of characters that
    /// agree with the start of what was sent make an answer one that starts over. Default 16, from 4 to 1000.
    /// </summary>
    public int OverlapCharacters { get; init; } = 16;

    /// <summary>How much sent text is kept per stream; a longer answer can no longer be rescued. Default 256 KiB (262144), from 1 KiB to 16 MiB.</summary>
    public int MaxTextBytes { get; init; } = 256 * 1024;

    /// <summary>How often one stream is rescued at most. Default 3, from 1 to 10.</summary>
    public int MaxPerRequest { get; init; } = 3;
}
