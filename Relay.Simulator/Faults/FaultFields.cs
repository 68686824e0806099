using System.Globalization;

namespace Relay.Simulator;

/// <summary>Reads the single values of a fault's text form, each with its bounds.</summary>
internal static class FaultFields
{
    // A larger one would not fit the tests' patience or a timer.
    private static readonly TimeSpan LongestDuration = TimeSpan.FromDays(7);

    public static Fault WithValue(Fault fault, FaultInfo info, string? value)
    {
        if (value is null && info.Value is (FaultValue.OptionalBytes or FaultValue.OptionalDuration))
        {
            return fault;
        }

        return info.Value switch
        {
            FaultValue.None => value is null ? fault : throw new FormatException($"{info.Name} takes no value, but has '{value}'"),
            FaultValue.Status => fault with { Status = Number(info.Name, value, 400, 599) },
            FaultValue.Words => fault with { Words = Number(info.Name, value, 0, 1_000_000) },
            FaultValue.OptionalBytes => fault with { Bytes = Number(info.Name, value, 1024, 64 * 1024 * 1024) },
            FaultValue.Factor => fault with { Factor = Real(info.Name, value, 0, 100_000) },
            _ => fault with { Duration = Duration(info.Name, value) },
        };
    }

    public static Fault WithParameter(Fault fault, string key, string? value) => key switch
    {
        "code" => fault with { Code = Required(key, value) },
        "type" => fault with { Type = Required(key, value) },
        "words" => fault with { Words = Number(key, value, 0, 1_000_000) },
        "for" => fault with { Duration = Duration(key, value) },
        "limit-reset" => fault with { LimitReset = Duration(key, value) },
        "raw" => value is null ? fault with { Raw = true } : throw new FormatException($"raw takes no value, but has '{value}'"),
        "end" => fault with { End = End(fault.Kind, value) },
        "retry-after" => fault with { RetryAfter = TimeSpan.FromSeconds(Number(key, value, 0, 604_800)), RetryAfterForm = RetryAfterForm.Seconds },
        "retry-after-ms" => fault with { RetryAfter = TimeSpan.FromMilliseconds(Number(key, value, 0, 604_800_000)), RetryAfterForm = RetryAfterForm.Milliseconds },
        _ => fault with { RetryAfter = Duration(key, value?.TrimStart('+')), RetryAfterForm = RetryAfterForm.Date },
    };

    public static Fault WithModifier(Fault fault, string key, string? value) => key switch
    {
        "times" => fault with { Times = Number(key, value, 1, int.MaxValue) },
        "after" => fault with { After = Number(key, value, 0, int.MaxValue) },
        "for" or "window" => fault with { Window = Duration(key, value) },
        "key" => fault with { Key = Required(key, value) },
        "probability" => fault with { Probability = Real(key, value, 0, 1) },
        _ => WithFlap(fault, value),
    };

    private static Fault WithFlap(Fault fault, string? value) =>
        Required("flap", value).Split('/') is [var bad, var good]
            ? fault with { FlapBad = Number("flap", bad, 1, 1_000_000), FlapGood = Number("flap", good, 1, 1_000_000) }
            : throw new FormatException($"flap is '{value}'; write BAD/GOOD, for instance flap=3/5");

    private static FaultEnd End(FaultKind kind, string? value)
    {
        FaultEnd[] known = kind switch
        {
            FaultKind.CutAfter => [FaultEnd.Abort, FaultEnd.Clean],
            FaultKind.Silence => [FaultEnd.Abort, FaultEnd.Continue],
            _ => [FaultEnd.Abort, FaultEnd.Clean, FaultEnd.Continue],
        };
        return known.Cast<FaultEnd?>().FirstOrDefault(e => string.Equals(e.ToString(), value, StringComparison.OrdinalIgnoreCase))
            ?? throw new FormatException($"end is '{value}'; it must be one of {string.Join(", ", known).ToLowerInvariant()}");
    }

    private static TimeSpan Duration(string key, string? value)
    {
        var text = Required(key, value);
        var (unit, digits) = text switch
        {
            [.. var d, 'm', 's'] => (TimeSpan.TicksPerMillisecond, d),
            [.. var d, 's'] => (TimeSpan.TicksPerSecond, d),
            [.. var d, 'm'] => (TimeSpan.TicksPerMinute, d),
            _ => (0L, ""),
        };
        if (unit == 0 || !double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number * unit > LongestDuration.Ticks)
        {
            throw new FormatException($"{key} is '{text}'; write a time such as 1500ms, 20s or 2m, at most 7 days");
        }

        return TimeSpan.FromTicks((long)(number * unit));
    }

    private static int Number(string key, string? value, int min, int max) =>
        int.TryParse(Required(key, value), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new FormatException($"{key} is '{value}'; it must be a whole number, {min} to {max}");

    private static double Real(string key, string? value, double min, double max) =>
        double.TryParse(Required(key, value), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{key} is '{value}'; it must be a number, {min} to {max}"));

    private static string Required(string key, string? value) =>
        string.IsNullOrEmpty(value) ? throw new FormatException($"{key} needs a value, {key}=...") : value;
}
