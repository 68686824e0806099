using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Tidy.Tests;

/// <summary>Orleans and Aspire do not restore from every registry, so only the Orleans engine may ask for them (docs/decisions/001-engines.md).</summary>
public partial class EngineTests
{
    private static readonly string[] Asking = ["PackageReference", "PackageVersion", "PackageDownload", "GlobalPackageReference", "Import", "Sdk", "Project"];

    [Fact]
    public void OrleansAndAspire_OnlyUnderTheOrleansEngine() => Offences.None(Repository.Current.MsBuild.SelectMany(Check));

    [Theory]
    [InlineData("""<ItemGroup><PackageReference Include="Microsoft.Orleans.Server" /></ItemGroup>""")]
    [InlineData("""<ItemGroup><PackageVersion Include="Aspire.Hosting" Version="9.0.0" /></ItemGroup>""")]
    [InlineData("""<ItemGroup Condition="'$(Engine)' == 'Embedded'"><PackageReference Include="Aspire.Hosting" /></ItemGroup>""")]
    [InlineData("""<ItemGroup Condition="'$(Engine)' != 'Orleans'"><PackageReference Include="Aspire.Hosting" /></ItemGroup>""")]
    [InlineData("""<Sdk Name="Aspire.AppHost.Sdk" Version="9.0.0" />""")]
    [InlineData("""<Import Project="Sdk.props" Sdk="Aspire.AppHost.Sdk" />""")]
    public void Planted_Package_IsCaught(string xml) => Assert.Single(Check(Planted($"<Project>{xml}</Project>")));

    [Fact]
    public void Planted_ProjectSdk_IsCaught() => Assert.Single(Check(Planted("""<Project Sdk="Aspire.AppHost.Sdk/9.0.0" />""")));

    [Theory]
    [InlineData("""<ItemGroup Condition="'$(Engine)' == 'Orleans'"><PackageReference Include="Microsoft.Orleans.Server" /></ItemGroup>""")]
    [InlineData("""<ItemGroup><PackageReference Include="Aspire.Hosting" Condition="'$(Engine)'=='Orleans'" /></ItemGroup>""")]
    [InlineData("""<ItemGroup><PackageReference Include="Npgsql" /></ItemGroup>""")]
    public void ConditionedOrOther_IsFine(string xml) => Assert.Empty(Check(Planted($"<Project>{xml}</Project>")));

    private static SourceFile Planted(string xml) => new("A/A.csproj", xml);

    private static IEnumerable<string> Check(SourceFile file) =>
        from element in MsBuildText.Elements(file)
        where Asking.Contains(element.Name.LocalName)
        from name in new[] { "Include", "Update", "Sdk", "Name" }.Select(attribute => MsBuildText.Attribute(element, attribute))
        where Cluster().IsMatch(name) && !IsForOrleans(element)
        select $"{file.Path}: {name} needs Condition=\"'$(Engine)' == 'Orleans'\" on it or around it";

    private static bool IsForOrleans(XElement element) =>
        element.AncestorsAndSelf().Any(self => OrleansOnly().IsMatch(MsBuildText.Attribute(self, "Condition")));

    [GeneratedRegex(@"^(Microsoft\.Orleans|Orleans|Aspire)\.", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 10_000)]
    private static partial Regex Cluster();

    [GeneratedRegex(@"^\s*'\$\(Engine\)'\s*==\s*'Orleans'", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex OrleansOnly();
}
