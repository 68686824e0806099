using System.Globalization;
using Relay.Load.Driving;
using Relay.Load.Http;

namespace Relay.Load.Cli;

/// <summary><c>load</c>: drives any server.</summary>
internal static class LoadCommand
{
    /// <summary>Runs and prints one table.</summary>
    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        var url = new Uri(arguments.Text("url") ?? throw new UsageException("load needs --url."));
        var stream = arguments.Has("stream");
        var headers = arguments.All("header").Select(Header);
        var work = new Workload
        {
            Endpoint = RequestText.Endpoint(url),
            Requests = [RequestText.Post(url, headers, RequestText.Chat(arguments.Text("model") ?? "gpt-sim", stream))],
            Stream = stream,
        };
        var duration = arguments.Seconds("seconds", 10);
        var result = arguments.Has("rate")
            ? await OpenLoop.RunAsync(work, arguments.Number("rate", 200), arguments.Whole("connections", 512), duration, stop)
            : await ClosedLoop.RunAsync(work, arguments.Whole("connections", 32), duration, stop, (long)arguments.Number("requests", long.MaxValue));
        await Console.Out.WriteLineAsync(Text(result));
        return result.ErrorCount == 0 ? 0 : 1;
    }

    private static string Text(LoadResult result)
    {
        var table = new MarkdownTable("", "count", "p50 ms", "p99 ms", "p99.9 ms", "max ms");
        foreach (var (name, shape) in new[] { ("whole answer", result.Latency), ("first token", result.FirstToken), ("between tokens", result.Gap) })
        {
            if (!shape.IsEmpty)
            {
                table.Add(
                    name,
                    shape.Count.ToString("N0", CultureInfo.InvariantCulture),
                    Figures.Ms(shape.Quantile(0.5)),
                    Figures.Ms(shape.Quantile(0.99)),
                    Figures.Ms(shape.Quantile(0.999)),
                    Figures.Ms(shape.MaxMicros));
            }
        }

        var errors = result.ErrorCount == 0 ? "no errors" : Figures.Errors(result.Errors);
        return string.Create(CultureInfo.InvariantCulture, $"{result.PerSecond:N0} requests/s over {result.Seconds:N1} s, {errors}\n\n{table}");
    }

    private static KeyValuePair<string, string> Header(string text) =>
        text.IndexOf(':') is var at and > 0 ? new(text[..at].Trim(), text[(at + 1)..].Trim())
        : throw new UsageException($"--header: '{text}' is not name:value.");
}
