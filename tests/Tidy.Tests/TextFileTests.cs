namespace Tidy.Tests;

/// <summary>Text files end with a newline, have no carriage returns, and C# has no tabs. A folder named Fixtures holds bytes as recorded.</summary>
public class TextFileTests
{
    [Fact]
    public void TextFiles_AreWellFormed() => Offences.None(Repository.Current.Files.SelectMany(Check));

    [Theory]
    [InlineData("a.md", "a")]
    [InlineData("a.md", "a\r\n")]
    [InlineData("a.cs", "\ta\n")]
    public void Planted_Form_IsCaught(string path, string text) => Assert.Single(Check(new SourceFile(path, text)));

    [Theory]
    [InlineData("a.md", "")]
    [InlineData("a.sln", "\ta\n")]
    [InlineData("tests/A.Tests/Fixtures/a.sse", "a\r\n\r")]
    public void WellFormedOrFixture_IsFine(string path, string text) => Assert.Empty(Check(new SourceFile(path, text)));

    [Theory]
    [InlineData("tests/A/bin", true, true)]
    [InlineData("bin", false, false)]
    [InlineData("a/b.trx", false, true)]
    [InlineData("a/b.trxx", false, false)]
    [InlineData("docs/a.md", false, true)]
    [InlineData("src/docs/a.md", false, false)]
    public void GitIgnoreLines_DecideWhatIsRead(string path, bool isFolder, bool ignored) =>
        Assert.Equal(ignored, Repository.IsIgnored(path, isFolder, ["bin/", "*.trx", "/docs/a.md"]));

    [Fact]
    public void Repository_ReadsSourcesAndNothingBuilt()
    {
        var paths = Repository.Current.Files.Select(file => file.Path).ToHashSet();
        Assert.Contains("tests/Tidy.Tests/TextFileTests.cs", paths);
        Assert.Contains(".ci/run", paths);
        Assert.DoesNotContain(paths, path => path.Split('/').Any(part => part is "bin" or "obj" or "node_modules" or ".git" or "TestResults"));
    }

    private static IEnumerable<string> Check(SourceFile file)
    {
        if (file.Path.Split('/').Contains("Fixtures"))
        {
            yield break;
        }

        if (file.Text.Length > 0 && !file.Text.EndsWith('\n'))
        {
            yield return $"{file.Path}: does not end with a newline";
        }

        if (file.Text.Contains('\r', StringComparison.Ordinal))
        {
            yield return $"{file.Path}: has carriage returns; lines end with LF";
        }

        if (file.Path.EndsWith(".cs", StringComparison.Ordinal) && file.Text.Contains('\t', StringComparison.Ordinal))
        {
            yield return $"{file.Path}: has tabs; indent with four spaces";
        }
    }
}
