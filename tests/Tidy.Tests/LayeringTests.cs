namespace Tidy.Tests;

/// <summary>References point one way: Core, Storage, Silo, then Gateway and Api side by side, then AppHost.</summary>
public class LayeringTests
{
    /// <summary>What each product project may reference. AppHost composes, so it may reference any product project.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Relay.Core"] = [],
        ["ServiceDefaults"] = ["Relay.Core"],
        ["Relay.Grpc"] = ["Relay.Core"],
        ["Relay.Storage"] = ["Relay.Core"],
        ["Relay.Silo"] = ["Relay.Core", "Relay.Storage", "ServiceDefaults"],
        ["Relay.Gateway"] = ["Relay.Core", "Relay.Storage", "Relay.Silo", "Relay.Grpc", "ServiceDefaults"],
        ["Relay.Api"] = ["Relay.Core", "Relay.Storage", "Relay.Silo", "Relay.Grpc", "ServiceDefaults"],
        ["Relay.Cli"] = ["Relay.Core", "Relay.Storage", "Relay.Gateway", "Relay.Grpc", "ServiceDefaults"],
        ["Relay.Simulator"] = ["Relay.Core", "Relay.Grpc", "ServiceDefaults"],
    };

    [Fact]
    public void ProjectReferences_PointOneWay() => Offences.None(
        Repository.Current.Projects.Where(IsProduct).SelectMany(project => Check(project, IsTestProject)));

    [Theory]
    [InlineData("Relay.Core", "Relay.Storage")]
    [InlineData("Relay.Storage", "Relay.Silo")]
    [InlineData("Relay.Silo", "Relay.Gateway")]
    [InlineData("Relay.Gateway", "Relay.Api")]
    [InlineData("Relay.Api", "Relay.Gateway")]
    [InlineData("Relay.Simulator", "Relay.Silo")]
    [InlineData("Relay.Api", "AppHost")]
    [InlineData("AppHost", "Relay.TestKit")]
    [InlineData("Relay.Gateway", "Relay.TestKit")]
    public void Planted_WrongReference_IsCaught(string project, string reference) => Assert.Single(CheckPlanted(project, reference));

    [Theory]
    [InlineData("Relay.Silo", "Relay.Storage")]
    [InlineData("Relay.Gateway", "Relay.Grpc")]
    [InlineData("AppHost", "Relay.Gateway")]
    public void RightReference_IsFine(string project, string reference) => Assert.Empty(CheckPlanted(project, reference));

    [Fact]
    public void Planted_ProjectWithoutALayer_IsCaught() =>
        Assert.Contains("has no layer yet", Assert.Single(CheckPlanted("Relay.Unheard", "Relay.Core")), StringComparison.Ordinal);

    /// <summary>Product projects lie at the root; tests/ and bench/ may reference what they try.</summary>
    private static bool IsProduct(SourceFile project) => project.Path.Count(c => c == '/') == 1;

    private static bool IsTestProject(string name) =>
        Repository.Current.Projects.Any(project => project.IsTest && MsBuildText.ProjectName(project.Path) == name);

    private static IEnumerable<string> CheckPlanted(string project, string reference) => Check(
        new SourceFile($"{project}/{project}.csproj", $"""<Project><ItemGroup><ProjectReference Include="..\{reference}\{reference}.csproj" /></ItemGroup></Project>"""),
        name => name == "Relay.TestKit");

    private static IEnumerable<string> Check(SourceFile project, Func<string, bool> isTest)
    {
        var name = MsBuildText.ProjectName(project.Path);
        var composes = name == "AppHost";
        if (!composes && !Allowed.ContainsKey(name))
        {
            return [$"{project.Path}: has no layer yet; enter it in LayeringTests.Allowed with what it may reference"];
        }

        return from reference in MsBuildText.ProjectReferences(project)
               where isTest(reference) || !(composes || Allowed[name].Contains(reference))
               select $"{project.Path}: {name} may not reference {reference}";
    }
}
