using System.Xml.Linq;

namespace Tidy.Tests;

/// <summary>A project or props file as its elements.</summary>
internal static class MsBuildText
{
    public static IEnumerable<XElement> Elements(SourceFile file) => XDocument.Parse(file.Text).Descendants();

    public static IEnumerable<XElement> Elements(SourceFile file, string name) => Elements(file).Where(element => element.Name.LocalName == name);

    public static string Attribute(XElement element, string name) => element.Attribute(name)?.Value ?? "";

    /// <summary>The names of the projects that a project references.</summary>
    public static IEnumerable<string> ProjectReferences(SourceFile project) =>
        Elements(project, "ProjectReference").Select(reference => ProjectName(Attribute(reference, "Include")));

    public static string ProjectName(string path) => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'));
}
