using System.Diagnostics;
using System.Text;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Clients;

/// <summary>What became of a program that Node ran.</summary>
/// <param name="Code">Its exit code; null when it did not end in time and was killed. Over 128: the number of the signal that ended it, and 128.</param>
/// <param name="Output">What it wrote to its standard output, also when it was killed.</param>
/// <param name="Errors">What it wrote to its standard error, also when it was killed.</param>
internal sealed record NodeProgram(int? Code, string Output, string Errors)
{
    /// <summary>Runs a program until it ends, or kills it when patience is at its end.</summary>
    public static async Task<NodeProgram> RunAsync(string folder, params string[] arguments)
    {
        using var node = Process.Start(new ProcessStartInfo("node", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;

        // Until the ends of both pipes, which is where a killed program's come as well, so what it said is never lost.
        var output = ReadAsync(node.StandardOutput);
        var errors = ReadAsync(node.StandardError);
        int? code = null;
        try
        {
            await node.WaitForExitAsync(Patience.Token);
            code = node.ExitCode;
        }
        catch (OperationCanceledException)
        {
            node.Kill(entireProcessTree: true);
            await node.WaitForExitAsync(Patience.Token);
        }

        return new(code, await output, await errors);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"node {(Code is { } code ? $"ended with {code}" : "did not end in time and was killed")}; it said: {(Errors.Length + Output.Length == 0 ? "nothing" : Errors + Output)}";

    private static async Task<string> ReadAsync(StreamReader pipe)
    {
        var said = new StringBuilder();
        var some = new char[4096];
        while (await pipe.ReadAsync(some, CancellationToken.None) is > 0 and var count)
        {
            said.Append(some, 0, count);
        }

        return said.ToString();
    }
}
