using System.Text;

namespace Tidy.Tests;

/// <summary>One text file; the path is relative to the root, with slashes.</summary>
public sealed class SourceFile(string path, string text)
{
    private string? _code;

    public string Path { get; } = path;

    public string Text { get; } = text;

    /// <summary>C# with comments, directives and the contents of literals blanked; every character stays at its place.</summary>
    public string Code => _code ??= CodeText.Of(Text);

    public IEnumerable<(int Number, string Text)> Lines => NumberedLines(Text);

    public IEnumerable<(int Number, string Text)> CodeLines => NumberedLines(Code);

    /// <summary>True for tests and what only tests use.</summary>
    public bool IsTest => Path.StartsWith("tests/", StringComparison.Ordinal);

    /// <summary>Null for what is not text.</summary>
    public static SourceFile? Read(string root, string path)
    {
        var bytes = File.ReadAllBytes(System.IO.Path.Combine(root, path));
        return bytes.Contains((byte)0) ? null : new SourceFile(path, Encoding.UTF8.GetString(bytes));
    }

    private static IEnumerable<(int Number, string Text)> NumberedLines(string text) =>
        text.Split('\n').Select((line, index) => (index + 1, line));
}
