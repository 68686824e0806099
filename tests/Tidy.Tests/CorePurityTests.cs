using System.Text.RegularExpressions;

namespace Tidy.Tests;

/// <summary>Relay.Core is pure: what it computes follows from its arguments, so that each rule can be tested as a table.</summary>
public partial class CorePurityTests
{
    [Fact]
    public void Core_HasNoPackagesFrameworksClocksTasksOrInputs() => Offences.None(
        Repository.Current.Files.Where(file => file.Path.StartsWith("Relay.Core/", StringComparison.Ordinal)).SelectMany(Check));

    [Theory]
    [InlineData("PackageReference")]
    [InlineData("FrameworkReference")]
    public void Planted_Reference_IsCaught(string kind) => Assert.Single(Check(
        new SourceFile("Relay.Core/Relay.Core.csproj", $"""<Project><ItemGroup><{kind} Include="A" /></ItemGroup></Project>""")));

    [Theory]
    [InlineData("using System.Threading.Tasks;")]
    [InlineData("Task F();")]
    [InlineData("ValueTask<int> F();")]
    [InlineData("await x;")]
    [InlineData("ILogger log;")]
    [InlineData("ILogger<A> log;")]
    [InlineData("A(TimeProvider time)")]
    [InlineData("HttpClient http;")]
    [InlineData("x = File.ReadAllText(y);")]
    [InlineData("x = $\"{System.IO.File.ReadAllText(y)}\";")]
    [InlineData("x = Random.Shared.Next();")]
    [InlineData("A(Random random)")]
    [InlineData("Random? r;")]
    [InlineData("r = new Random(1);")]
    [InlineData("List<Random> rs;")]
    public void Planted_Use_IsCaught(string code) => Assert.Single(Check(new SourceFile("Relay.Core/A.cs", code)));

    [Theory]
    [InlineData("// waits like a Task, reads no File.")]
    [InlineData("x = \"TimeProvider\";")]
    [InlineData("case Strategy.Random: break;")]
    [InlineData("enum Strategy { Random, RoundRobin }")]
    [InlineData("x = Profile.Load();")]
    [InlineData("ulong nextRandom;")]
    public void Lookalikes_AreFine(string code) => Assert.Empty(Check(new SourceFile("Relay.Core/A.cs", code)));

    private static IEnumerable<string> Check(SourceFile file) => Path.GetExtension(file.Path) switch
    {
        ".csproj" => from element in MsBuildText.Elements(file)
                     where element.Name.LocalName is "PackageReference" or "FrameworkReference"
                     select $"{file.Path}: {element.Name.LocalName} {MsBuildText.Attribute(element, "Include")}; Relay.Core has none",
        ".cs" => from line in file.CodeLines
                 let use = Impure().Match(line.Text)
                 where use.Success
                 select $"{file.Path}:{line.Number}: {use.Value.Trim()}; Relay.Core takes time, randomness and data as arguments",
        _ => [],
    };

    [GeneratedRegex(
        @"\bSystem\.(Threading\.Tasks|IO|Net|Random)\b|\b(Value)?Task\b|\bawait\b|\bILogger\b|\bTimeProvider\b|\bHttpClient\b"
        + @"|(?<![\w.])(File|Directory)\.|(?<![\w.])Random(\.|\?|>|\s+[a-z_@]\w*)|\bnew\s+Random\b",
        RegexOptions.ExplicitCapture,
        10_000)]
    private static partial Regex Impure();
}
