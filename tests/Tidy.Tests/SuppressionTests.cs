using System.Text.RegularExpressions;

namespace Tidy.Tests;

/// <summary>A warning that is switched off says why, on the same line or the one before.</summary>
public partial class SuppressionTests
{
    [Fact]
    public void Suppressions_StateTheirReason() => Offences.None(Repository.Current.CSharp.SelectMany(Check));

    [Theory]
    [InlineData("#pragma warning disable CA1000")]
    [InlineData("a;\n#pragma warning disable CA1000 //")]
    [InlineData("// why\n\n#pragma warning disable CA1000")]
    [InlineData("#  pragma  warning  disable")]
    [InlineData("[SuppressMessage(\"A\", \"B\")]")]
    [InlineData("[assembly: SuppressMessage(\"A\", \"B\", Justification = \"\")]")]
    public void Planted_SuppressionWithoutReason_IsCaught(string code) => Assert.Single(Check(new SourceFile("A/A.cs", code)));

    [Theory]
    [InlineData("#pragma warning disable CA1000 // the type is the key")]
    [InlineData("// The type is the key.\n#pragma warning disable CA1000")]
    [InlineData("#pragma warning restore CA1000")]
    [InlineData("[SuppressMessage(\"A\", \"B\", Justification = \"the type is the key\")]")]
    [InlineData("// The type is the key.\n[SuppressMessage(\"A\", \"B\")]")]
    [InlineData("x = \"[SuppressMessage(\";")]
    public void SuppressionWithReason_IsFine(string code) => Assert.Empty(Check(new SourceFile("A/A.cs", code)));

    private static IEnumerable<string> Check(SourceFile file)
    {
        var code = file.CodeLines.ToArray();
        string? before = null;
        foreach (var (number, line) in file.Lines)
        {
            // A directive is blank in the code lines, an attribute is not.
            var suppresses = Pragma().IsMatch(line) ? string.IsNullOrWhiteSpace(code[number - 1].Text) : Attribute().IsMatch(code[number - 1].Text);
            if (suppresses && !Reason().IsMatch(line) && !(before is not null && CommentLine().IsMatch(before)))
            {
                yield return $"{file.Path}:{number}: say why, on this line or the one before: {line.Trim()}";
            }

            before = line;
        }
    }

    [GeneratedRegex(@"^\s*#\s*pragma\s+warning\s+disable\b", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Pragma();

    [GeneratedRegex(@"\bSuppressMessage(Attribute)?\s*\(", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Attribute();

    [GeneratedRegex(@"//.*\w|\bJustification\s*=\s*""[^""]+""", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Reason();

    [GeneratedRegex(@"^\s*//.*\w", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex CommentLine();
}
