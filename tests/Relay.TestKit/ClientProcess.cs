using System.Diagnostics;

namespace Relay.TestKit;

/// <summary>Runs a client's program, and gives what it printed.</summary>
public static class ClientProcess
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The folder tests/clients.</summary>
    public static string Folder { get; } = Path.Combine(Root, "tests", "clients");

    /// <summary>Runs it; the result is its standard output. Killed when the token is cancelled.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">The end of patience.</param>
    /// <param name="folder">Where it runs; null: in tests/clients.</param>
    /// <exception cref="InvalidOperationException">It failed, or was killed; the message has what it said until then.</exception>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken, string? folder = null)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder ?? Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;

        // Both pipes are read to their ends, which a killed program's have too, so that nothing it said is lost.
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var ended = await WaitAsync(process, cancellationToken);
        if (ended != "ended with 0")
        {
            var said = await errors + await output;
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} {ended}; it said: {(said.Length == 0 ? "nothing" : said)}");
        }

        return await output;
    }

    /// <summary>A code over 128 is a signal's number and 128.</summary>
    private static async Task<string> WaitAsync(Process process, CancellationToken cancellationToken)
    {
        try
        {
            await process.WaitForExitAsync(cancellationToken);
            return $"ended with {process.ExitCode}";
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return "did not end in time and was killed";
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!Directory.Exists(Path.Combine(folder!.FullName, "tests", "clients")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
