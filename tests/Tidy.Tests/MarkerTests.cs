using System.Text.RegularExpressions;

namespace Tidy.Tests;

/// <summary>Nothing unfinished, skipped, sleeping or empty stays in the sources: work items live in the tracker.</summary>
public partial class MarkerTests
{
    [Fact]
    public void Sources_HaveNoMarkersOrSleeps() => Offences.None(Repository.Current.CSharp.SelectMany(CheckMarkers));

    [Fact]
    public void Tests_NeverDelayOrAssertNothing() => Offences.None(Repository.Current.CSharp.Where(file => file.IsTest).SelectMany(CheckTest));

    // The words are put together here, so that this file passes its own rule.
    [Theory]
    [InlineData("// TO" + "DO: finish")]
    [InlineData("/* FIX" + "ME */")]
    [InlineData("x = \"HA" + "CK\";")]
    [InlineData("throw new NotImplementedException();")]
    [InlineData("Thread.Sleep(1);")]
    [InlineData("[Fact(Skip = \"later\")]")]
    [InlineData("[Fact(Skip=$\"later\")]")]
    public void Planted_Marker_IsCaught(string code) => Assert.Single(CheckMarkers(Planted(code)));

    [Theory]
    [InlineData("await Task.Delay(1, token);")]
    [InlineData("await Task.Delay(second, clock);")]
    [InlineData("Assert.True(true);")]
    [InlineData("Assert.True( true, \"ok\");")]
    [InlineData("Assert.False(false);")]
    public void Planted_TestThatSleepsOrProvesNothing_IsCaught(string code) => Assert.Single(CheckTest(Planted(code)));

    [Theory]
    [InlineData("// never Thread.Sleep here")]
    [InlineData("x = \"Task.Delay(\";")]
    [InlineData("y = page.Skip(3).Take(2);")]
    [InlineData("new Options { Skip = 3 }")]
    [InlineData("Assert.Skip(\"no node on PATH\");")]
    public void Lookalikes_AreFine(string code) => Assert.Empty(CheckMarkers(Planted(code)).Concat(CheckTest(Planted(code))));

    private static SourceFile Planted(string code) => new("tests/A.Tests/A.cs", code);

    private static IEnumerable<string> CheckMarkers(SourceFile file) =>
        Find(file.Path, file.Lines, Words()).Concat(Find(file.Path, file.CodeLines, Code()));

    private static IEnumerable<string> CheckTest(SourceFile file) => Find(file.Path, file.CodeLines, Idle());

    private static IEnumerable<string> Find(string path, IEnumerable<(int Number, string Text)> lines, Regex pattern) =>
        from line in lines
        let match = pattern.Match(line.Text)
        where match.Success
        select $"{path}:{line.Number}: {match.Value}";

    [GeneratedRegex(@"\b(TO[D]O|FIX[M]E|HA[C]K)\b", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Words();

    [GeneratedRegex(@"\bNotImplementedException\b|\bThread\.Sleep\b|\bSkip\s*=\s*[@$]*""", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Code();

    [GeneratedRegex(@"\bTask\.Delay\s*\(|\bAssert\.True\(\s*true\b|\bAssert\.False\(\s*false\b", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Idle();
}
