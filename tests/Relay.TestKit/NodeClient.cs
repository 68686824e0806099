using System.Diagnostics;
using System.Text.Json;

namespace Relay.TestKit;

/// <summary>npm's official clients, driven by the programs in tests/clients.</summary>
public static class NodeClient
{
    private static readonly string Folder = FindFolder();

    /// <summary>Why a test with this package has to be skipped; null where it can run, or where CI=true makes its absence a failure.</summary>
    public static string? SkipReason(string package) =>
        Require.SkipReason("node", "install Node.js 20 or later, or run ./test.sh")
        ?? (Require.IsCi || IsInstalled(package) ? null : $"tests/clients/node_modules/{package} is missing: run ./test.sh, which installs it.");

    /// <summary>Runs <c>node PROGRAM ARGUMENTS</c>; the result is the one JSON object that it prints.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message has what it said.</exception>
    public static async Task<JsonElement> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var node = Process.Start(new ProcessStartInfo("node", [program, .. arguments])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var output = node.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = node.StandardError.ReadToEndAsync(cancellationToken);
        await node.WaitForExitAsync(cancellationToken);
        if (node.ExitCode != 0)
        {
            throw new InvalidOperationException($"node ended with {node.ExitCode}: {await errors}{await output}");
        }

        using var json = JsonDocument.Parse(await output);
        return json.RootElement.Clone();
    }

    private static bool IsInstalled(string package) => Directory.Exists(Path.Combine([Folder, "node_modules", .. package.Split('/')]));

    private static string FindFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!Directory.Exists(Path.Combine(folder!.FullName, "tests", "clients")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder.FullName, "tests", "clients");
    }
}
