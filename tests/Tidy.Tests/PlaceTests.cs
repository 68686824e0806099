using System.Text.RegularExpressions;

namespace Tidy.Tests;

/// <summary>Nothing names the machine or the private package registry that it was made with: it would work nowhere else.</summary>
public partial class PlaceTests
{
    [Fact]
    public void TextFiles_NameNoMachinePathOrPrivateRegistry() => Offences.None(Repository.Current.Files.SelectMany(Check));

    // Each is put together here, so that this file passes its own rule.
    [Theory]
    [InlineData("see /wo" + "rk/notes.md")]
    [InlineData("\"/ro" + "ot/.bashrc\"")]
    [InlineData("cd /ho" + "me/alice/relay")]
    [InlineData("C:\\Us" + "ers\\alice")]
    [InlineData("\"C:\\\\Us" + "ers\\\\alice\"")]
    [InlineData("https://arti" + "factory.example.com/api")]
    [InlineData("http://nu" + "get.example.com/v3/index.json")]
    [InlineData("https://npm-regis" + "try.example.com:8080/")]
    public void Planted_Place_IsCaught(string text) => Assert.Single(Check(new SourceFile("a.md", text)));

    [Theory]
    [InlineData("https://api.nuget.org/v3/index.json")]
    [InlineData("https://registry.npmjs.org/openai")]
    [InlineData("https://www.npmjs.com/package/openai")]
    [InlineData("https://learn.microsoft.com/nuget/what")]
    [InlineData("the /homepage, network/root/work/")]
    [InlineData("~/relay and ./work/a")]
    public void PublicOrRelative_IsFine(string text) => Assert.Empty(Check(new SourceFile("a.md", text)));

    private static IEnumerable<string> Check(SourceFile file) =>
        from line in file.Lines
        from pattern in new[] { MachinePath(), PrivateRegistry() }
        let match = pattern.Match(line.Text)
        where match.Success
        select $"{file.Path}:{line.Number}: {match.Value} works on one machine or network only";

    [GeneratedRegex(@"(?<![\w.~/-])/(wor[k]|roo[t]|home/\w+)/|\b[A-Za-z]:\\{1,2}Users\b", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex MachinePath();

    [GeneratedRegex(
        @"https?://(?!([\w-]+\.)*(nuget\.org|npmjs\.(org|com))\b)[\w.-]*(registry|artifactory|nexus|jfrog|nuget|npm)[\w-]*\.[\w.-]+",
        RegexOptions.ExplicitCapture,
        10_000)]
    private static partial Regex PrivateRegistry();
}
