namespace Relay.Load.Cli;

/// <summary>Where a command's tables go.</summary>
internal static class Report
{
    /// <summary>Prints them, and writes them to a file when one is named.</summary>
    public static async Task WriteAsync(string text, string? file, CancellationToken stop)
    {
        await Console.Out.WriteLineAsync(text);
        if (file is not null)
        {
            await File.WriteAllTextAsync(file, text, stop);
        }
    }
}
