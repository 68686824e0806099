using FsCheck;
using FsCheck.Fluent;

namespace Relay.Dialects.Tests.Kit;

/// <summary>Random texts, and how they are cut into pieces.</summary>
internal static class AnyText
{
    /// <summary>A text that says something, with what JSON escapes and what UTF-8 makes long.</summary>
    public static Gen<string> Said { get; } =
        Gen.Elements("a", "b ", "\"", "\\", "\n", "é", "✓", "😀", "\u2028", "</s>", "\\n", "\u0001")
            .NonEmptyListOf()
            .Select(pieces => "x" + string.Concat(pieces))
            .Resize(8);

    /// <summary>JSON of an object, short.</summary>
    public static Gen<string> Input { get; } =
        from values in Said.ListOf().Resize(4)
        select System.Text.Json.JsonSerializer.Serialize(values.Select((value, i) => (value, i)).ToDictionary(pair => $"k{pair.i}", pair => pair.value));

    /// <summary>Cuts a text into pieces, never inside a surrogate pair; none is empty.</summary>
    public static IEnumerable<string> Cut(string text, int length)
    {
        for (var from = 0; from < text.Length;)
        {
            var until = Math.Min(text.Length, from + length);
            until += until < text.Length && char.IsLowSurrogate(text[until]) ? 1 : 0;
            yield return text[from..until];
            from = until;
        }
    }
}
