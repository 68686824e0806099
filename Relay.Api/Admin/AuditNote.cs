using System.Globalization;
using System.Text;

namespace Relay.Api.Admin;

/// <summary>A note that may go into logs and onto pages: nothing that breaks a line or turns it around, at most <see cref="MaxLength"/> characters.</summary>
public static class AuditNote
{
    /// <summary>The most characters; what is behind is cut off.</summary>
    public const int MaxLength = 200;

    /// <summary>The note without control characters, cut.</summary>
    public static string Clean(string? note)
    {
        var clean = new StringBuilder(MaxLength);
        foreach (var rune in (note ?? "").EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                continue;
            }

            if (clean.Length + rune.Utf16SequenceLength > MaxLength)
            {
                break;
            }

            clean.Append(rune.ToString());
        }

        return clean.ToString().Trim();
    }
}
