using Relay.Cli.Server;
using Relay.Cli.Top.Live;
using Relay.V1;

namespace Relay.Cli.Top;

/// <summary>One run of <c>relay top</c>, in any form.</summary>
internal sealed class TopRun(TopOptions options, TimeProvider time, TextWriter output, TextWriter errors, ITerminal? terminal)
{
    /// <summary>Runs until it is done, or until it is cancelled, which is a way to quit.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(TopForm form, CancellationToken cancellation)
    {
        using var server = new StatsServer(options.Address, time);
        try
        {
            // Asked once in any form, so that a server that is away is told before anything is drawn.
            var stats = await server.ListModelsAsync(options.Window, cancellation);
            if (options.Model is { } name && !stats.Models.Any(model => model.Model == name))
            {
                var others = stats.Models.Count == 0 ? "none" : string.Join(", ", stats.Models.Select(model => model.Model));
                await errors.WriteLineAsync($"relay: There is no model '{Printable.Text(name)}'. Configured are: {Printable.Text(others)}.");
                return RelayCommand.BadInput;
            }

            await ShowAsync(form, server, stats, cancellation);
        }
        catch (ServerProblem problem)
        {
            await errors.WriteLineAsync($"relay: {problem.Message}");
            return RelayCommand.Unreachable;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Ctrl-C is how one leaves.
        }

        return RelayCommand.Ok;
    }

    private async Task ShowAsync(TopForm form, StatsServer server, ListModelsResponse stats, CancellationToken cancellation)
    {
        switch (form)
        {
            case TopForm.Json:
                await output.WriteLineAsync(TopJson.Write(stats, options.Model));
                break;
            case TopForm.JsonLines:
                await WriteLinesAsync(server, cancellation);
                break;
            case TopForm.Table:
                await output.WriteLineAsync(PlainTable.Write(stats, options, terminal?.Size.Width ?? int.MaxValue));
                break;
            default:
                await new TopScreen(options, server, terminal!, time).RunAsync(stats, cancellation);
                break;
        }
    }

    private async Task WriteLinesAsync(StatsServer server, CancellationToken cancellation)
    {
        var feed = new WatchFeed(server, options.Interval, time);
        await foreach (var news in feed.ReadAsync(options.Window, cancellation))
        {
            if (news.Link == Link.Live)
            {
                await output.WriteLineAsync(TopJson.Write(news.Frame!, options.Model).AsMemory(), cancellation);
                await output.FlushAsync(cancellation);
            }
            else if (news.Link == Link.Lost)
            {
                await errors.WriteLineAsync($"relay: {news.Problem} Trying again in {Format.Span(news.RetryIn)}.");
            }
        }
    }
}
