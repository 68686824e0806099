namespace Relay.Cli.Server;

/// <summary>Texts of others, made safe for a terminal.</summary>
internal static class Printable
{
    /// <summary>The text with a question mark for every character that could steer the terminal.</summary>
    public static string Text(string text) => text.Any(IsUnsafe) ? string.Concat(text.Select(c => IsUnsafe(c) ? '?' : c)) : text;

    /// <summary>Control characters, and those that turn the direction of writing.</summary>
    private static bool IsUnsafe(char c) => char.IsControl(c) || c is '\u200e' or '\u200f' or (>= '\u2028' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
