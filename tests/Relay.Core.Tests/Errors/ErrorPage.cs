namespace Relay.Core.Tests.Errors;

/// <summary>The table of docs/errors.md.</summary>
internal static class ErrorPage
{
    private const string Header = "| Kind | Domain | Meaning | HTTP | Type | Code | gRPC | Retried | Fails over | Verdict | Burns SLO |";

    /// <summary>The page as it stands in the repository.</summary>
    public static string Read() => File.ReadAllText(Path.Combine(Root(), "docs", "errors.md"));

    /// <summary>The cells of every row under the header, in order.</summary>
    public static IReadOnlyList<string[]> Rows(string page)
    {
        var lines = page.Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        var header = lines.IndexOf(Header);
        Assert.True(header >= 0, "docs/errors.md has no table with the header: " + Header);
        Assert.Equal(header, lines.LastIndexOf(Header));
        return [.. lines.Skip(header + 2).TakeWhile(line => line.StartsWith('|')).Select(Cells)];
    }

    private static string[] Cells(string line) => [.. line.Trim().Trim('|').Split('|').Select(cell => cell.Trim())];

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "RelayAspire.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("RelayAspire.sln is in no folder above " + AppContext.BaseDirectory);
        }

        return folder.FullName;
    }
}
