using System.Text.RegularExpressions;
using Relay.Load.Os;

namespace Relay.Load.Servers;

/// <summary>A simulated provider in its own process.</summary>
/// <param name="Name">Its name as provider.</param>
/// <param name="Model">The model that the scenarios ask for.</param>
/// <param name="Process">The process.</param>
/// <param name="Http">Its HTTP/1.1 URL.</param>
/// <param name="Http2">Its HTTP/2 URL.</param>
internal sealed partial record Upstream(string Name, string Model, ServerProcess Process, Uri Http, Uri Http2) : IAsyncDisposable
{
    /// <summary>Words in a streamed answer, one to a chunk.</summary>
    public const int Words = 64;

    /// <summary>Bytes of a plain answer at least.</summary>
    public const int PlainBytes = 1024;

    /// <summary>Its processor time and memory.</summary>
    public ProcessTree Tree { get; } = new(Process.Pid);

    /// <summary>Starts one.</summary>
    /// <param name="name">Its name as provider.</param>
    /// <param name="model">The model that the scenarios ask for.</param>
    /// <param name="stop">Gives up.</param>
    /// <param name="options">Options of the simulator.</param>
    public static async Task<Upstream> StartAsync(string name, string model, CancellationToken stop, params string[] options)
    {
        string[] arguments =
        [
            Built.Program("Relay.Simulator"), "--name", name, "--http2-port", "0", "--words", $"{Words}", "--pad-bytes", $"{PlainBytes}",
            "--log-capacity", "1", "--log-body-bytes", "0", .. options,
        ];
        var start = new ServerStart("the simulator " + name, "dotnet", arguments);
        var (process, urls) = await ServerProcess.StartAsync(start, line => ReadyLine().Match(line) is { Success: true } match ? match : null, stop);
        return new(name, model, process, new Uri(urls.Groups["http"].Value), new Uri(urls.Groups["h2"].Value));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Process.DisposeAsync();

    [GeneratedRegex(@"ready at (?<http>\S+) and h2c (?<h2>\S+)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex ReadyLine();
}
