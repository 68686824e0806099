using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Relay.Gateway.Config.Reading;

/// <summary>
/// Checks that bytes are JSON before anything is read from them, so that no reader has to expect a broken string or endless nesting.
/// The messages of System.Text.Json are not used: some repeat a piece of the text, which may be a secret without its quotes.
/// </summary>
internal static class JsonSyntax
{
    /// <summary>Objects and lists within each other; a configuration needs six.</summary>
    public const int MaxDepth = 16;

    public static JsonDocumentOptions DocumentOptions => new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = MaxDepth };

    /// <summary>Leaves out a byte order mark.</summary>
    public static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> utf8) =>
        utf8.Span.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;

    /// <summary>The first syntax error, with line and column, or null.</summary>
    public static ConfigError? Check(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            return Error(json, ValidPrefix(json), "the file is not valid UTF-8", "save it as UTF-8");
        }

        if (json.Trim(" \t\r\n"u8).IsEmpty)
        {
            return new("$", "the file is empty", "write at least { \"providers\": { ... }, \"models\": { ... } }");
        }

        // One level more than is allowed, so that the depth is noticed here, with its own message.
        var options = new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = MaxDepth + 1 };
        var reader = new Utf8JsonReader(json, options);
        try
        {
            while (reader.Read())
            {
                var isTooDeep = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && reader.CurrentDepth >= MaxDepth;
                if (isTooDeep)
                {
                    return Error(json, (int)reader.TokenStartIndex, $"nested more than {MaxDepth} deep", "compare with the example in docs/config.md");
                }

                if (IsBrokenString(ref reader))
                {
                    return Error(json, (int)reader.TokenStartIndex, "a text has half of a \\u surrogate pair", "write the character itself");
                }
            }

            return null;
        }
        catch (JsonException e)
        {
            return Error(json, Offset(json, e.LineNumber ?? 0, e.BytePositionInLine ?? 0));
        }
    }

    private static bool IsBrokenString(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || !reader.ValueIsEscaped)
        {
            return false;
        }

        try
        {
            _ = reader.GetString();
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    private static ConfigError Error(ReadOnlySpan<byte> json, int offset)
    {
        if (json[offset..].Trim(" \t\r\n"u8).IsEmpty)
        {
            return Error(json, offset, "the file ends too early", "close every quote, bracket and comment");
        }

        // Only punctuation is repeated: a letter or digit could be the beginning of a secret.
        var found = (char)json[offset] is var c && "{}[],:\"'/".Contains(c, StringComparison.Ordinal) ? $"unexpected {c}" : "not valid JSON here";
        return Error(json, offset, found, "look here and just before for a missing or extra comma, quote, colon, bracket or end of a comment");
    }

    private static ConfigError Error(ReadOnlySpan<byte> json, int offset, string message, string fix)
    {
        var before = json[..offset];
        var line = before.Count((byte)'\n') + 1;
        var column = Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1;
        return new("$", $"line {line}, column {column}: {message}", fix);
    }

    /// <summary>The index of a line and a byte in it, both from 0; within the text even where they are not.</summary>
    private static int Offset(ReadOnlySpan<byte> json, long line, long byteInLine)
    {
        var start = 0;
        for (; line > 0; line--)
        {
            var end = json[start..].IndexOf((byte)'\n');
            if (end < 0)
            {
                break;
            }

            start += end + 1;
        }

        return (int)Math.Min(start + byteInLine, json.Length);
    }

    /// <summary>How many bytes from the beginning are UTF-8.</summary>
    private static int ValidPrefix(ReadOnlySpan<byte> utf8)
    {
        var index = 0;
        while (index < utf8.Length && Rune.DecodeFromUtf8(utf8[index..], out _, out var length) == System.Buffers.OperationStatus.Done)
        {
            index += length;
        }

        return index;
    }
}
