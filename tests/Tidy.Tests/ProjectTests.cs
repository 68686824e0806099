using System.Text.RegularExpressions;

namespace Tidy.Tests;

/// <summary>The solution and the folders agree, and package versions stand in one place.</summary>
public partial class ProjectTests
{
    [Fact]
    public void Solution_ListsEveryProject() => Offences.None(
        CheckSolution(Repository.Current.Named("RelayAspire.sln").Text, Repository.Current.Projects.Select(project => project.Path)));

    [Fact]
    public void PackageVersions_AreCentral() => Offences.None(Repository.Current.MsBuild.SelectMany(CheckVersions));

    [Fact]
    public void Planted_ProjectOutsideTheSolutionOrGone_IsCaught()
    {
        const string Solution = """Project("{1}") = "A", "A\A.csproj", "{2}" """;
        Assert.Equal(["B/B.csproj: not in RelayAspire.sln"], CheckSolution(Solution, ["A/A.csproj", "B/B.csproj"]));
        Assert.Equal(["A/A.csproj: in RelayAspire.sln, but not there"], CheckSolution(Solution, []));
    }

    [Theory]
    [InlineData("""<PackageReference Include="A" Version="1.0.0" />""")]
    [InlineData("""<PackageReference Include="A"><Version>1.0.0</Version></PackageReference>""")]
    [InlineData("""<PackageReference Include="A" VersionOverride="1.0.0" />""")]
    public void Planted_OwnVersion_IsCaught(string xml) =>
        Assert.Single(CheckVersions(new SourceFile("A/A.csproj", $"<Project><ItemGroup>{xml}</ItemGroup></Project>")));

    private static IEnumerable<string> CheckSolution(string solution, IEnumerable<string> projects)
    {
        var listed = Listed().Matches(solution).Select(match => match.Groups["path"].Value.Replace('\\', '/')).ToHashSet();
        var present = projects.ToHashSet();
        return present.Except(listed).Select(path => $"{path}: not in RelayAspire.sln")
            .Concat(listed.Except(present).Select(path => $"{path}: in RelayAspire.sln, but not there"));
    }

    private static IEnumerable<string> CheckVersions(SourceFile file) =>
        from reference in MsBuildText.Elements(file, "PackageReference")
        let names = reference.Attributes().Select(attribute => attribute.Name.LocalName).Concat(reference.Elements().Select(child => child.Name.LocalName))
        where names.Any(name => name is "Version" or "VersionOverride")
        select $"{file.Path}: {MsBuildText.Attribute(reference, "Include")} names its own version; it belongs in Directory.Packages.props";

    [GeneratedRegex("\"(?<path>[^\"]+\\.csproj)\"", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Listed();
}
