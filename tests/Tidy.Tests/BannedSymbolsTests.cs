using System.Text.RegularExpressions;

namespace Tidy.Tests;

/// <summary>Each banned API is spelled so that the analyzer finds it, once, with its reason. A misspelled line would ban nothing.</summary>
public partial class BannedSymbolsTests
{
    [Fact]
    public void BannedSymbols_ResolveAndSayWhy() => Offences.None(Check(Repository.Current.Named("BannedSymbols.txt").Text));

    [Theory]
    [InlineData("T:System.Diagnostics.Stopwatch", "no reason")]
    [InlineData("T:System.Diagnostics.Stopwatch;", "no reason")]
    [InlineData("System.Diagnostics.Stopwatch;why", "no reason")]
    [InlineData("T: System.Diagnostics.Stopwatch;why", "no reason")]
    [InlineData("T:System.Diagnostics.StopWatch;why", "names nothing")]
    [InlineData("M:System.DateTime.Now;why", "names nothing")]
    [InlineData("M:System.Threading.Thread.Sleep(int);why", "names nothing")]
    [InlineData("T:System.Random;why\nT:System.Random;again", "twice")]
    public void Planted_Line_IsCaught(string text, string because) =>
        Assert.Contains(because, Assert.Single(Check(text)), StringComparison.Ordinal);

    [Theory]
    [InlineData("T:System.Collections.Generic.List`1;why")]
    [InlineData("M:System.Collections.Generic.List`1.AddRange(System.Collections.Generic.IEnumerable{`0});why")]
    [InlineData("M:System.Int32.TryParse(System.String,System.Int32@);why")]
    [InlineData("M:System.Random.#ctor(System.Int32);why")]
    [InlineData("M:System.Threading.Tasks.Task.Run(System.Func{System.Threading.Tasks.Task});why")]
    [InlineData("T:System.Net.Http.HttpClient;why")]
    [InlineData("T:Microsoft.AspNetCore.Http.HttpContext;why")]
    [InlineData("// a comment")]
    public void RightLine_IsFine(string text) => Assert.Empty(Check(text));

    private static IEnumerable<string> Check(string text)
    {
        var seen = new HashSet<string>();
        foreach (var line in text.Split('\n').Where(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal)))
        {
            var entry = Entry().Match(line);
            if (!entry.Success)
            {
                yield return $"BannedSymbols.txt: no reason or no documented form (T:, M:, P:, F:, E: or N:, then ;why): {line}";
                continue;
            }

            var id = entry.Groups["id"].Value;
            if (!seen.Add(id))
            {
                yield return $"BannedSymbols.txt: twice: {id}";
            }
            else if (!DocumentationId.Resolves(id))
            {
                yield return $"BannedSymbols.txt: names nothing: {id}";
            }
        }
    }

    [GeneratedRegex(@"^(?<id>[TMPFEN]:[^;\s]+);\s*\S", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Entry();
}
