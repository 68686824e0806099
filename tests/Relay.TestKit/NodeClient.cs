using System.Text.Json;

namespace Relay.TestKit;

/// <summary>npm's official clients, driven by the programs in tests/clients.</summary>
public static class NodeClient
{
    /// <summary>Why a test with this package has to be skipped; null where it can run, or where CI=true makes its absence a failure.</summary>
    public static string? SkipReason(string package) =>
        Require.SkipReason("node", "install Node.js 20 or later, or run ./test.sh")
        ?? (Require.IsCi || IsInstalled(package) ? null : $"tests/clients/node_modules/{package} is missing: run ./test.sh, which installs it.");

    /// <summary>Runs <c>node PROGRAM ARGUMENTS</c>; the result is the one JSON object that it prints. Killed when the token is cancelled.</summary>
    /// <exception cref="InvalidOperationException">It failed, or was killed; the message has what it said until then.</exception>
    public static async Task<JsonElement> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var json = JsonDocument.Parse(await ClientProcess.RunAsync("node", [program, .. arguments], cancellationToken));
        return json.RootElement.Clone();
    }

    private static bool IsInstalled(string package) => Directory.Exists(Path.Combine([ClientProcess.Folder, "node_modules", .. package.Split('/')]));
}
