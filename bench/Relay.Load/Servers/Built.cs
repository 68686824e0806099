namespace Relay.Load.Servers;

/// <summary>Where the built programs and the tools for comparison are.</summary>
internal static class Built
{
    /// <summary>The checkout's root.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>This driver, for its own sub-commands and for the startup hook.</summary>
    public static string Driver => Path.Combine(AppContext.BaseDirectory, "Relay.Load.dll");

    /// <summary>A program of the product, built in the driver's own configuration.</summary>
    /// <exception cref="IOException">It is not built.</exception>
    public static string Program(string project)
    {
        var output = Path.GetRelativePath(Path.Combine(Root, "bench", "Relay.Load"), AppContext.BaseDirectory);
        var path = Path.Combine(Root, project, output, project + ".dll");
        return File.Exists(path) ? path : throw new IOException($"{path} is not built. Run: dotnet build -c Release bench/Relay.Load");
    }

    /// <summary>A program of the cluster, built with <c>-p:Engine=Orleans</c>, or null.</summary>
    public static string? ClusterProgram(string project)
    {
        var path = Path.Combine(Root, "artifacts", "orleans", "bin", project, "Release", "net10.0", project + ".dll");
        return File.Exists(path) ? path : null;
    }

    /// <summary>Redis, or null when it is not installed.</summary>
    public static string? Redis => OnPath("redis-server");

    /// <summary>nginx, or null when it is not installed.</summary>
    public static string? Nginx => OnPath("nginx");

    /// <summary>Portkey's gateway as npm installs it under bench/portkey, or null.</summary>
    public static string? Portkey
    {
        get
        {
            var script = Path.Combine(Root, "bench", "portkey", "node_modules", "@portkey-ai", "gateway", "build", "start-server.js");
            return File.Exists(script) && OnPath("node") is not null ? script : null;
        }
    }

    private static string? OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin")
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "RelayAspire.sln")))
            {
                return folder.FullName;
            }
        }

        throw new IOException($"There is no RelayAspire.sln above {AppContext.BaseDirectory}: run the driver from a checkout.");
    }
}
