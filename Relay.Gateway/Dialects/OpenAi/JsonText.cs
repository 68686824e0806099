using System.Globalization;
using System.Text.Json;

namespace Relay.Gateway.Dialects.OpenAi;

/// <summary>Compares names and strings of foreign JSON. The reader's own comparison throws at a lone surrogate escape (<c>"\ud800"</c>), which is valid JSON and none of Relay's business.</summary>
internal static class JsonText
{
    /// <summary>Is the name or string that the reader stands on this text? Never throws.</summary>
    /// <param name="json">The reader; it reads from one span.</param>
    /// <param name="ascii">The text: ASCII, without anything that JSON escapes.</param>
    public static bool TextIs(this in Utf8JsonReader json, ReadOnlySpan<byte> ascii) =>
        json.ValueIsEscaped ? IsEscaped(json.ValueSpan, ascii) : json.ValueSpan.SequenceEqual(ascii);

    private static bool IsEscaped(ReadOnlySpan<byte> escaped, ReadOnlySpan<byte> ascii)
    {
        foreach (var expected in ascii)
        {
            if (escaped.IsEmpty)
            {
                return false;
            }

            // Only a \u escape can stand for a letter, a digit or an underscore.
            var length = escaped[0] == (byte)'\\' ? 6 : 1;
            if (escaped.Length < length || (length == 1 ? escaped[0] : Unit(escaped)) != expected)
            {
                return false;
            }

            escaped = escaped[length..];
        }

        return escaped.IsEmpty;
    }

    private static int Unit(ReadOnlySpan<byte> escape) =>
        escape[1] == (byte)'u' && ushort.TryParse(escape[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit) ? unit : -1;
}
