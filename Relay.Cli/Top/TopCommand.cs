using System.CommandLine;
using System.Globalization;
using Relay.Cli.Server;

namespace Relay.Cli.Top;

/// <summary><c>relay top</c>: models and targets, live.</summary>
internal static class TopCommand
{
    private const string Description = """
        Shows models and their targets live: requests, success, latency, time to first token, tokens per second, cost, breakers.

        Where output is no terminal it prints the table once, as with --once.
        Keys: s sort, r reverse, w window, arrows or j k select, Enter details, Esc back, q quit.

        Exit code: 0; 2 wrong command line, or no such model; 3 no answer from the server.

        Examples:
          relay top
          relay top --address gateway.internal:8091 --window 1h --sort p95
          relay top --once
          relay top --json | jq '.models[] | select(.successRate < 0.99) | .model'
          relay top --json --interval 5s >> figures.jsonl
        """;

    private const string IntervalForm = "a number with ms, s or m, from 100ms to 1m";

    public static Command Create(TimeProvider time, ITerminal? terminal)
    {
        var address = AddressOption.Create();
        var window = Choice("--window", "-w", "The trailing span of the figures. Default 5m.", Words.Windows, Words.Of);
        var sort = Choice("--sort", "-s", "What the models are sorted by; targets stay in their configured order. Default requests.", Enum.GetValues<SortBy>(), Sorting.Word);
        var model = new Option<string?>("--model", "-m") { Description = "Show this model only.", HelpName = "NAME" };
        var once = new Option<bool>("--once") { Description = "Print the table once, plain, and end." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object, with the fields of /api/v1/models; with --interval one line for each change." };
        var interval = Interval();
        var command = new Command("top", Description) { address, window, sort, model, once, json, interval };
        command.Validators.Add(result =>
        {
            if (result.GetValue(once) && result.GetResult(interval) is not null)
            {
                result.AddError("--once and --interval cannot go together.");
            }
        });
        command.SetAction((parsed, cancellation) =>
        {
            var usual = new TopOptions();
            var options = usual with
            {
                Address = parsed.GetValue(address)!,
                Window = parsed.GetResult(window) is null ? usual.Window : parsed.GetValue(window),
                Sort = parsed.GetResult(sort) is null ? usual.Sort : parsed.GetValue(sort),
                Model = parsed.GetValue(model),
                Interval = parsed.GetResult(interval) is null ? usual.Interval : parsed.GetValue(interval),
            };
            var form = (parsed.GetValue(json), parsed.GetValue(once), parsed.GetResult(interval) is not null) switch
            {
                (true, _, true) => TopForm.JsonLines,
                (true, _, false) => TopForm.Json,
                (false, true, _) => TopForm.Table,
                _ => terminal is null ? TopForm.Table : TopForm.Screen,
            };
            return new TopRun(options, time, parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, terminal).RunAsync(form, cancellation);
        });
        return command;
    }

    private static Option<T> Choice<T>(string name, string alias, string description, T[] values, Func<T, string> word) => new(name, alias)
    {
        Description = description,
        HelpName = string.Join('|', values.Select(word)),
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            var place = Array.FindIndex(values, value => word(value) == text);
            if (place < 0)
            {
                result.AddError($"{name} is '{Printable.Text(text)}'; it must be one of {string.Join(", ", values.Select(word))}.");
                return values[0];
            }

            return values[place];
        },
    };

    private static Option<TimeSpan> Interval() => new("--interval", "-i")
    {
        Description = $"The least time between two pictures: {IntervalForm}. Default 1s.",
        HelpName = "TIME",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (!TryParseTime(text, out var span))
            {
                result.AddError($"--interval is '{Printable.Text(text)}'; it must be {IntervalForm}.");
            }

            return span;
        },
    };

    private static bool TryParseTime(string text, out TimeSpan span)
    {
        var (digits, unit) = text switch
        {
            [.. var number, 'm', 's'] => (number, 1.0),
            [.. var number, 's'] => (number, 1_000.0),
            [.. var number, 'm'] => (number, 60_000.0),
            _ => (text, 1_000.0),
        };
        var isNumber = double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value);
        var milliseconds = value * unit;
        var isWithin = isNumber && milliseconds >= TopOptions.MinInterval.TotalMilliseconds && milliseconds <= TopOptions.MaxInterval.TotalMilliseconds;
        span = isWithin ? TimeSpan.FromMilliseconds(milliseconds) : default;
        return isWithin;
    }
}
