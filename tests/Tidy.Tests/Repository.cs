using System.IO.Enumeration;

namespace Tidy.Tests;

/// <summary>The text files of the checkout, read once: everything that .gitignore does not leave out.</summary>
public sealed class Repository
{
    private static readonly Lazy<Repository> Loaded = new(() => new Repository(FindRoot()));

    private Repository(string root)
    {
        Root = root;
        var ignored = File.ReadLines(Path.Combine(root, ".gitignore")).Append(".git").Where(line => line.Length > 0 && line[0] != '#').ToArray();
        Files = Walk(root, "", ignored).Select(path => SourceFile.Read(root, path)).OfType<SourceFile>().ToArray();
    }

    /// <summary>The checkout that these tests were built from.</summary>
    public static Repository Current => Loaded.Value;

    public string Root { get; }

    public IReadOnlyList<SourceFile> Files { get; }

    public IEnumerable<SourceFile> CSharp => With(".cs");

    public IEnumerable<SourceFile> Projects => With(".csproj");

    /// <summary>Projects and the files that MSBuild imports into them.</summary>
    public IEnumerable<SourceFile> MsBuild => With(".csproj", ".props", ".targets");

    public IEnumerable<SourceFile> With(params string[] extensions) =>
        Files.Where(file => extensions.Contains(Path.GetExtension(file.Path), StringComparer.Ordinal));

    public SourceFile Named(string path) => Files.Single(file => file.Path == path);

    /// <summary>Whether a name on the way to a file is left out by these lines of .gitignore (names and globs; no negation).</summary>
    public static bool IsIgnored(string path, bool isFolder, IEnumerable<string> lines) => lines.Any(line =>
    {
        var pattern = line.Trim();
        if (pattern.EndsWith('/') && !isFolder)
        {
            return false;
        }

        pattern = pattern.TrimEnd('/');
        var name = pattern.Contains('/', StringComparison.Ordinal) ? path : Path.GetFileName(path);
        return FileSystemName.MatchesSimpleExpression(pattern.TrimStart('/'), name, ignoreCase: false);
    });

    private static IEnumerable<string> Walk(string root, string folder, string[] ignored)
    {
        foreach (var entry in new DirectoryInfo(Path.Combine(root, folder)).EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            var path = folder.Length == 0 ? entry.Name : $"{folder}/{entry.Name}";
            var isFolder = entry is DirectoryInfo;
            if (IsIgnored(path, isFolder, ignored))
            {
                continue;
            }

            foreach (var found in isFolder ? Walk(root, path, ignored) : [path])
            {
                yield return found;
            }
        }
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "RelayAspire.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"no RelayAspire.sln above {AppContext.BaseDirectory}");
    }
}
