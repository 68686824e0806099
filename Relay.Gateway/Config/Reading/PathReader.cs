namespace Relay.Gateway.Config.Reading;

/// <summary>Paths in the file, which start from its folder.</summary>
internal static class PathReader
{
    /// <summary>The absolute path, or null after reporting what is wrong with it.</summary>
    public static string? Resolve(string path, JsonCursor at)
    {
        const string Fix = "write a path, relative to the configuration file's folder or absolute";
        if (string.IsNullOrWhiteSpace(path))
        {
            at.Error("the path is empty", Fix);
            return null;
        }

        if (path.Any(char.IsControl))
        {
            at.Error("the path has a control character", Fix);
            return null;
        }

        if (path == "~" || path.StartsWith("~/", StringComparison.Ordinal))
        {
            at.Error("the path begins with ~, which only a shell knows", "write the home folder's path in full");
            return null;
        }

        return Path.GetFullPath(path, at.Context.Folder);
    }
}
