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

    /// <summary>Runs <c>node PROGRAM ARGUMENTS</c>; the result is the one JSON object that it prints. Killed when the token is cancelled.</summary>
    /// <exception cref="InvalidOperationException">It failed, or was killed; the message has what it said until then.</exception>
    public static async Task<JsonElement> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var node = Process.Start(new ProcessStartInfo("node", [program, .. arguments])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;

        // Both pipes are read to their ends, which a killed program's have too, so that nothing it said is lost.
        var output = node.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = node.StandardError.ReadToEndAsync(CancellationToken.None);
        var ended = await WaitAsync(node, cancellationToken);
        if (ended != "ended with 0")
        {
            var said = await errors + await output;
            throw new InvalidOperationException($"node {program} {string.Join(' ', arguments)} {ended}; it said: {(said.Length == 0 ? "nothing" : said)}");
        }

        using var json = JsonDocument.Parse(await output);
        return json.RootElement.Clone();
    }

    /// <summary>A code over 128 is a signal's number and 128.</summary>
    private static async Task<string> WaitAsync(Process node, CancellationToken cancellationToken)
    {
        try
        {
            await node.WaitForExitAsync(cancellationToken);
            return $"ended with {node.ExitCode}";
        }
        catch (OperationCanceledException)
        {
            node.Kill(entireProcessTree: true);
            return "did not end in time and was killed";
        }
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
