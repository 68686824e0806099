using System.Globalization;
using System.Text;

namespace Relay.Simulator;

/// <summary>Reads and writes the text form of a fault: one fault name with its value, then parameters and modifiers, separated by commas.</summary>
internal static class FaultText
{
    public static Fault Parse(string text)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries).Select(Split).ToArray();
        var named = parts.Select(p => FaultTable.Find(p.Key)).OfType<FaultInfo>().ToArray();
        if (named.Length > 1 || parts.Select(p => p.Key).Distinct().Count() != parts.Length)
        {
            throw new FormatException(named.Length > 1
                ? $"'{text}' names several faults ({string.Join(", ", named.Select(n => n.Name))}); put each into the book on its own"
                : $"'{text}' says something twice");
        }

        // Flapping alone means flapping with 503.
        var flaps = parts.Any(p => p.Key == "flap");
        var info = named.Length == 1 ? named[0] : flaps ? FaultTable.Of(FaultKind.Status) : throw Unknown(text, parts[0].Key);
        var fault = new Fault { Kind = info.Kind, End = info.End, Status = info.Kind == FaultKind.Status ? 503 : 0 };
        foreach (var (key, value) in parts)
        {
            fault = key == info.Name ? FaultFields.WithValue(fault, info, value)
                : info.Parameters.Contains(key) ? FaultFields.WithParameter(fault, key, value)
                : FaultTable.Modifiers.Contains(key) ? FaultFields.WithModifier(fault, key, value)
                : throw Unknown(text, key, info);
        }

        return info.Kind == FaultKind.HugeLine && fault.Bytes == 0 ? fault with { Bytes = FaultTable.DefaultHugeLineBytes } : fault;
    }

    public static string Format(Fault fault)
    {
        var info = FaultTable.Of(fault.Kind);
        var text = new StringBuilder(info.Name);
        text.Append(info.Value switch
        {
            FaultValue.Status => $"={fault.Status}",
            FaultValue.Words => $"={fault.Words}",
            FaultValue.Factor => string.Create(CultureInfo.InvariantCulture, $"={fault.Factor}"),
            FaultValue.OptionalBytes => $"={fault.Bytes}",
            FaultValue.None => "",
            _ => fault.Duration is { } duration ? $"={Duration(duration)}" : "",
        });
        Add("words", fault.Kind == FaultKind.HugeLine && fault.Words > 0 ? $"{fault.Words}" : null);
        Add("for", fault.Kind == FaultKind.StallAfter && fault.Duration is { } pause ? Duration(pause) : null);
        Add("code", fault.Code);
        Add("type", fault.Type);
        Add("end", fault.End == info.End ? null : fault.End.ToString().ToLowerInvariant());
        if (fault.RetryAfter is { } retryAfter)
        {
            Add(fault.RetryAfterForm switch { RetryAfterForm.Date => "retry-after-date", RetryAfterForm.Milliseconds => "retry-after-ms", _ => "retry-after" },
                fault.RetryAfterForm switch { RetryAfterForm.Date => $"+{Duration(retryAfter)}", RetryAfterForm.Milliseconds => $"{(long)retryAfter.TotalMilliseconds}", _ => $"{(long)retryAfter.TotalSeconds}" });
        }

        Add("limit-reset", fault.LimitReset is { } reset ? Duration(reset) : null);
        text.Append(fault.Raw ? ",raw" : "");
        Add("times", fault.Times?.ToString(CultureInfo.InvariantCulture));
        Add("after", fault.After > 0 ? $"{fault.After}" : null);
        Add("window", fault.Window is { } window ? Duration(window) : null);
        Add("probability", fault.Probability < 1 ? fault.Probability.ToString(CultureInfo.InvariantCulture) : null);
        Add("key", fault.Key);
        Add("flap", fault.FlapBad > 0 ? $"{fault.FlapBad}/{fault.FlapGood}" : null);
        return text.ToString();

        void Add(string key, string? value)
        {
            if (value is not null)
            {
                text.Append(',').Append(key).Append('=').Append(value);
            }
        }
    }

    private static string Duration(TimeSpan value) =>
        value.TotalSeconds == Math.Floor(value.TotalSeconds) ? $"{(long)value.TotalSeconds}s" : $"{(long)value.TotalMilliseconds}ms";

    private static (string Key, string? Value) Split(string part) =>
        part.IndexOf('=') is var at and >= 0 ? (part[..at].Trim(), part[(at + 1)..].Trim()) : (part, null);

    private static FormatException Unknown(string text, string key, FaultInfo? info = null) => new(info is null
        ? $"'{text}': there is no fault '{key}'. Faults: {string.Join(", ", FaultTable.All.Select(f => f.Name))}. Modifiers: {FaultTable.ModifierHelp}"
        : $"'{text}': {info.Name} knows no '{key}'. Parameters: {(info.Parameters.Length == 0 ? "none" : string.Join(", ", info.Parameters))}. Modifiers: {FaultTable.ModifierHelp}");
}
