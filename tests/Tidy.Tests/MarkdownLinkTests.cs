using System.Text.RegularExpressions;

namespace Tidy.Tests;

/// <summary>Every relative link of a page leads to a file that is there.</summary>
public partial class MarkdownLinkTests
{
    [Fact]
    public void RelativeLinks_LeadSomewhere() => Offences.None(
        Repository.Current.With(".md").SelectMany(page => Check(page, path => Path.Exists(Path.Combine(Repository.Current.Root, path)))));

    [Theory]
    [InlineData("[a](gone.md)", "docs/gone.md")]
    [InlineData("![a](img/gone.png \"title\")", "docs/img/gone.png")]
    [InlineData("[a](../gone.md#part)", "gone.md")]
    [InlineData("[a](/gone.md)", "gone.md")]
    [InlineData("[a](<with space.md>)", "docs/with space.md")]
    [InlineData("[a](with%20space.md)", "docs/with space.md")]
    [InlineData("[![badge](https://example.com/a.svg)](gone.md)", "docs/gone.md")]
    [InlineData("[a]: gone.md", "docs/gone.md")]
    [InlineData("[a](../../out.md)", "../out.md")]
    public void Planted_DeadLink_IsCaught(string text, string target) =>
        Assert.Equal($"docs/a.md:1: no {target}", Assert.Single(Check(new SourceFile("docs/a.md", text), _ => false)));

    [Theory]
    [InlineData("[a](https://example.com/gone.md)")]
    [InlineData("[a](mailto:a@example.com)")]
    [InlineData("[a](#part)")]
    [InlineData("`[a](gone.md)`")]
    [InlineData("```text\n[a](gone.md)\n```")]
    public void ElsewhereOrCode_IsNotFollowed(string text) => Assert.Empty(Check(new SourceFile("docs/a.md", text), _ => false));

    [Fact]
    public void LinkToAFileThatExists_IsFine() =>
        Assert.Empty(Check(new SourceFile("docs/a.md", "[a](../b.md)"), path => path == "b.md"));

    private static IEnumerable<string> Check(SourceFile page, Func<string, bool> exists)
    {
        var fenced = false;
        foreach (var (number, line) in page.Lines)
        {
            var fence = line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            fenced ^= fence;
            if (fenced || fence)
            {
                continue;
            }

            foreach (Match match in Link().Matches(InlineCode().Replace(line, "")))
            {
                var target = Resolve(page.Path, match.Groups["to"].Value);
                if (target is not null && !exists(target))
                {
                    yield return $"{page.Path}:{number}: no {target}";
                }
            }
        }
    }

    /// <summary>The path from the root; null for another site or a part of the same page.</summary>
    private static string? Resolve(string page, string link)
    {
        var path = Uri.UnescapeDataString(link.Split('#', '?')[0]);
        if (path.Length == 0 || Scheme().IsMatch(link))
        {
            return null;
        }

        var parts = path[0] == '/' ? [] : page.Split('/')[..^1].ToList();
        foreach (var part in path.Split('/').Where(part => part.Length > 0 && part != "."))
        {
            if (part == ".." && parts.Count > 0 && parts[^1] != "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    [GeneratedRegex(@"\]\(\s*(<(?<to>[^>]*)>|(?<to>[^)\s]+))(\s+""[^""]*"")?\s*\)|^\s*\[[^\]]+\]:\s*(?<to>\S+)", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Link();

    [GeneratedRegex("`[^`]*`", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex InlineCode();

    [GeneratedRegex("^([a-z][a-z0-9+.-]*:|//)", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 10_000)]
    private static partial Regex Scheme();
}
