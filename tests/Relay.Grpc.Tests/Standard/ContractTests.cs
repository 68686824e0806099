using System.Text.RegularExpressions;
using Relay.Grpc.Tests.Clients;

namespace Relay.Grpc.Tests.Standard;

/// <summary>The public .proto files say of every field, value and method what it is.</summary>
public sealed partial class ContractTests
{
    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(ClientProgram.Protos, "*.proto", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(ClientProgram.Protos, file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void EveryDeclaration_HasItsComment(string file) =>
        Assert.Empty(Undocumented(File.ReadAllLines(Path.Combine(ClientProgram.Protos, file))));

    [Fact]
    public void Planted_DeclarationWithoutComment_IsCaught() => Assert.Equal(
        ["string b = 2;", "rpc Go(A) returns (A);", "ONE = 1;", "map<string, int64> c = 3;"],
        Undocumented(["// A.", "string a = 1;", "string b = 2;", "", "rpc Go(A) returns (A);", "ONE = 1;", "map<string, int64> c = 3;", "option x = 1;"]));

    private static IEnumerable<string> Undocumented(string[] lines) =>
        from i in Enumerable.Range(1, lines.Length - 1)
        where Declaration().IsMatch(lines[i]) && !lines[i - 1].TrimStart().StartsWith("//", StringComparison.Ordinal)
        select lines[i].Trim();

    [GeneratedRegex(@"^\s*(rpc\s|(?!option\b)([\w.]+\s+|map<.*>\s+|repeated\s.*\s|optional\s.*\s)?\w+ = \d+;)", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Declaration();
}
