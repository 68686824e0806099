namespace Tidy.Tests;

public class SizeTests
{
    private static readonly string LongFile = string.Concat(Enumerable.Repeat("\n", 301));
    private static readonly string LongMethod = "class A { void F() {" + string.Concat(Enumerable.Repeat("\n", 70)) + "} }\n";

    [Fact]
    public void FilesAndMethods_FitOrAreListedAndShrink() => Offences.None(
        Ratchet.Parse(Repository.Current.Named(Ratchet.Path).Text).Check(Ratchet.Measure(Repository.Current.CSharp)));

    [Fact]
    public void AtTheLimit_IsFine() =>
        Assert.Empty(Check("{}", LongFile[1..]).Concat(Check("{}", LongMethod.Replace("\n}", "}", StringComparison.Ordinal))));

    [Fact]
    public void OverTheLimit_IsCaught()
    {
        Assert.Equal("a.cs: 301 lines, the limit is 300; split it by idea", Assert.Single(Check("{}", LongFile)));
        Assert.Equal("a.cs#A.F: 71 lines, the limit is 70; split it by idea", Assert.Single(Check("{}", LongMethod)));
    }

    [Fact]
    public void ListedAtItsNumber_IsFine() =>
        Assert.Empty(Check("""{ "a.cs": 301 }""", LongFile));

    [Fact]
    public void ListInAnyOrder_IsFine()
    {
        var listed = Ratchet.Parse("""{ "files": { "b.cs": 301, "a_b.cs": 301, "B.cs": 301, "aB.cs": 301 }, "methods": {} }""");
        Assert.Empty(listed.Check(Ratchet.Measure(listed.Files.Keys.Select(path => new SourceFile(path, LongFile)))));
    }

    [Fact]
    public void ListedAndGrown_IsCaught() =>
        Assert.Equal("a.cs: 302 lines, grown from 301; what is listed may only shrink", Assert.Single(Check("""{ "a.cs": 301 }""", LongFile + "\n")));

    [Fact]
    public void ListedAndShrunk_SaysTheNewNumber() =>
        Assert.EndsWith("{\n  \"files\": {\n    \"a.cs\": 301\n  },\n  \"methods\": {}\n}\n", Assert.Single(Check("""{ "a.cs": 400 }""", LongFile)), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{ "a.cs": 301 }""")]
    [InlineData("""{ "gone.cs": 301 }""")]
    [InlineData("""{ "a.cs": 200 }""")]
    public void ListedButUnderTheLimitOrGone_MustComeOffTheList(string files) =>
        Assert.EndsWith("{\n  \"files\": {},\n  \"methods\": {}\n}\n", Assert.Single(Check(files, "\n")), StringComparison.Ordinal);

    private static IEnumerable<string> Check(string files, string text) =>
        Ratchet.Parse($$"""{ "files": {{files}}, "methods": {} }""").Check(Ratchet.Measure([new SourceFile("a.cs", text)]));
}
