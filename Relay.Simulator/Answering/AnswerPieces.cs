using System.Text.Encodings.Web;
using System.Text.Json;

namespace Relay.Simulator;

/// <summary>A text cut into tokens (a word with the space before it), each already escaped for JSON.</summary>
internal sealed class AnswerPieces
{
    // Longer than any word of the vocabulary; cuts JSON texts, which have few spaces.
    private const int LongestPiece = 16;

    private readonly int[] _ends;
    private readonly byte[][] _escaped;

    private AnswerPieces(string text, int[] ends, byte[][] escaped) => (Text, _ends, _escaped) = (text, ends, escaped);

    public string Text { get; }

    public int Count => _ends.Length;

    public ReadOnlySpan<byte> Escaped(int index) => _escaped[index];

    /// <summary>The text of the first <paramref name="count"/> pieces.</summary>
    public string Take(int count) => count >= Count ? Text : count == 0 ? "" : Text[.._ends[count - 1]];

    public static AnswerPieces Of(string text)
    {
        var ends = new List<int>();
        var escaped = new List<byte[]>();
        for (var start = 0; start < text.Length;)
        {
            var end = EndOfPiece(text, start);
            ends.Add(end);
            escaped.Add(JsonEncodedText.Encode(text.AsSpan(start, end - start), JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes.ToArray());
            start = end;
        }

        return new AnswerPieces(text, [.. ends], [.. escaped]);
    }

    private static int EndOfPiece(string text, int start)
    {
        var end = start + 1;
        while (end < text.Length && text[end] != ' ' && (end - start < LongestPiece || char.IsLowSurrogate(text[end])))
        {
            end++;
        }

        return end;
    }
}
