using System.Globalization;
using System.Text;

namespace Relay.Simulation.Provider;

/// <summary>
/// The one right answer to a question, the same at every target: words that are each there once, so that a lost, doubled or changed
/// piece shows, with characters that JSON escapes and that take several bytes.
/// </summary>
internal static class Answer
{
    private static readonly string[] Spice = ["é", "\"q\"", "a\\b", "\n", "😀", "<ü>", "\t.", "日本"];

    /// <summary>The words of the answer.</summary>
    /// <param name="question">The question's number.</param>
    /// <param name="choice">The choice's.</param>
    /// <param name="words">How many.</param>
    public static string Text(int question, int choice, int words)
    {
        var text = new StringBuilder(words * 8);
        for (var i = 0; i < words; i++)
        {
            var bits = Rng.Mix(((ulong)(uint)question << 32) ^ ((ulong)choice << 24) ^ (ulong)i);
            text.Append(i == 0 ? "" : " ").Append(CultureInfo.InvariantCulture, $"{i}-{bits & 0xFFFF:x4}");
            if (bits >> 60 == 0)
            {
                text.Append(Spice[(bits >> 20) % (ulong)Spice.Length]);
            }
        }

        return text.ToString();
    }
}
