using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Relay.Gateway.Endpoints.Grpc;

/// <summary>
/// Reads strings of foreign JSON. A provider that cuts its text anywhere may send half of a surrogate pair as an escape, which JSON allows and
/// a protobuf string cannot hold: the reader's own way throws for it.
/// </summary>
internal static class JsonTexts
{
    /// <summary>The string or name that the reader stands on. It may hold half of a surrogate pair; <see cref="Whole"/> makes it text.</summary>
    public static string ReadRaw(ref Utf8JsonReader json)
    {
        if (!json.ValueIsEscaped)
        {
            return Encoding.UTF8.GetString(json.ValueSpan);
        }

        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Unescape(Encoding.UTF8.GetString(json.ValueSpan));
        }
    }

    /// <summary>The string or name that the reader stands on, halves of surrogate pairs replaced.</summary>
    public static string Read(ref Utf8JsonReader json) => Whole(ReadRaw(ref json));

    /// <summary>The text with U+FFFD for every half of a surrogate pair.</summary>
    public static string Whole(string text) => HasSurrogates(text) ? Replace(text) : text;

    /// <summary>It has surrogates, in pairs or not.</summary>
    public static bool HasSurrogates(string text) => text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF');

    private static string Replace(string text)
    {
        var whole = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            whole.Append(rune);
        }

        return whole.ToString();
    }

    /// <summary>The JSON is valid, so that every escape is.</summary>
    private static string Unescape(string escaped)
    {
        var text = new StringBuilder(escaped.Length);
        for (var i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] != '\\')
            {
                text.Append(escaped[i]);
                continue;
            }

            i++;
            if (escaped[i] == 'u')
            {
                text.Append((char)ushort.Parse(escaped.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 4;
                continue;
            }

            text.Append(escaped[i] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', 'f' => '\f', var plain => plain });
        }

        return text.ToString();
    }
}
