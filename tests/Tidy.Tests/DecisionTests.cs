using System.Text.RegularExpressions;

namespace Tidy.Tests;

/// <summary>Each decision page is numbered uniquely and has the four headings, in order.</summary>
public partial class DecisionTests
{
    private static readonly string[] Headings = ["## Context", "## Choice", "## Consequences", "## What would change it"];

    [Fact]
    public void DecisionPages_AreNumberedAndComplete() => Offences.None(Check(
        Repository.Current.With(".md").Where(page => page.Path.StartsWith("docs/decisions/", StringComparison.Ordinal))));

    [Fact]
    public void CompletePage_IsFine() => Assert.Empty(Check([Page("001-a.md", Headings)]));

    [Theory]
    [InlineData("one.md")]
    [InlineData("1-a.md")]
    [InlineData("001-Engines.md")]
    public void Planted_Name_IsCaught(string name) => Assert.Single(Check([Page(name, Headings)]));

    [Fact]
    public void Planted_HeadingMissingOrOutOfOrder_IsCaught()
    {
        Assert.Single(Check([Page("001-a.md", Headings[..^1])]));
        Assert.Single(Check([Page("001-a.md", Headings.Reverse())]));
    }

    [Fact]
    public void Planted_NumberTakenTwice_IsCaught() =>
        Assert.Equal("001 is taken twice: docs/decisions/001-a.md, docs/decisions/001-b.md", Assert.Single(Check([Page("001-a.md", Headings), Page("001-b.md", Headings)])));

    private static SourceFile Page(string name, IEnumerable<string> headings) =>
        new($"docs/decisions/{name}", "# 001: A\n\n" + string.Join("\n\nText.\n\n", headings) + "\n\nText.\n");

    private static IEnumerable<string> Check(IEnumerable<SourceFile> pages)
    {
        var all = pages.ToArray();
        var names = from page in all
                    where !Name().IsMatch(Path.GetFileName(page.Path))
                    select $"{page.Path}: is named NNN-words-in-lower-case.md";
        var headings = from page in all
                       where !page.Lines.Select(line => line.Text).Where(line => line.StartsWith("## ", StringComparison.Ordinal)).SequenceEqual(Headings)
                       select $"{page.Path}: has these headings in this order and no other: {string.Join(", ", Headings)}";
        var twice = from page in all
                    where Name().IsMatch(Path.GetFileName(page.Path))
                    group page.Path by Path.GetFileName(page.Path)[..3] into sameNumber
                    where sameNumber.Count() > 1
                    select $"{sameNumber.Key} is taken twice: {string.Join(", ", sameNumber)}";
        return names.Concat(headings).Concat(twice);
    }

    [GeneratedRegex(@"^\d{3}-[a-z0-9]+(-[a-z0-9]+)*\.md$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Name();
}
