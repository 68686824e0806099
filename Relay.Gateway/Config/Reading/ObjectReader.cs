using System.Text.Json;

namespace Relay.Gateway.Config.Reading;

/// <summary>
/// Reads the fields of one object. Every field that is asked for is known from then on; <see cref="Close"/> reports all others.
/// A field that is missing or wrong gives the fallback, so that reading goes on and finds all errors.
/// </summary>
internal sealed class ObjectReader
{
    private readonly Dictionary<string, JsonCursor> _fields;
    private readonly List<string> _known = [];
    private readonly HashSet<string> _wrong = new(StringComparer.Ordinal);

    private ObjectReader(JsonCursor at, List<(string Name, JsonCursor Value)> members)
    {
        At = at;
        _fields = members.ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);
    }

    public JsonCursor At { get; }

    /// <summary>The names of the fields that are there and right.</summary>
    public IEnumerable<string> GoodNames => _fields.Keys.Except(_wrong, StringComparer.Ordinal);

    /// <summary>Begins to read; reports a value that is no object and gives null.</summary>
    public static ObjectReader? Open(JsonCursor at, string fix) => at.AsMembers(fix) is { } members ? new(at, members) : null;

    public bool Has(string name) => _fields.ContainsKey(name);

    /// <summary>True when a duration was there, but wrong, so that the fallback stands in for it.</summary>
    public bool IsWrong(string name) => _wrong.Contains(name);

    /// <summary>A field, or null when it is not there.</summary>
    public JsonCursor? Field(string name)
    {
        _known.Add(name);
        return _fields.TryGetValue(name, out var value) ? value : null;
    }

    /// <summary>A field that must be there; reports that it is not and gives null.</summary>
    public JsonCursor? Required(string name, string fix)
    {
        var field = Field(name);
        if (field is null)
        {
            At.Error($"has no '{name}'", fix);
        }

        return field;
    }

    public bool? OptionalBool(string name) => Field(name)?.AsBool();

    public bool Bool(string name, bool fallback) => Field(name)?.AsBool() ?? fallback;

    public TimeSpan Duration(string name, TimeSpan fallback, DurationBounds bounds)
    {
        if (Field(name) is not { } at)
        {
            return fallback;
        }

        if (Duration(at, bounds, $"{bounds} (default \"{DurationText.Format(fallback)}\")") is { } value)
        {
            return value;
        }

        _wrong.Add(name);
        return fallback;
    }

    public double Number(string name, double fallback, NumberBounds bounds) =>
        Field(name) is { } at ? (double)(Decimal(at, bounds, isWhole: false, NumberBounds.Text((decimal)fallback)) ?? (decimal)fallback) : fallback;

    public long Whole(string name, long fallback, NumberBounds bounds) =>
        Field(name) is { } at ? (long)(Decimal(at, bounds, isWhole: true, NumberBounds.Text(fallback)) ?? fallback) : fallback;

    public long? OptionalWhole(string name, NumberBounds bounds) =>
        Field(name) is { } at ? (long?)Decimal(at, bounds, isWhole: true, defaultText: null) : null;

    /// <summary>A number within bounds, exactly as written; null when it is wrong.</summary>
    /// <param name="at">The value.</param>
    /// <param name="bounds">Its bounds.</param>
    /// <param name="isWhole">True when it must not have a fraction.</param>
    /// <param name="defaultText">What holds when it is left out; null: nothing, or it cannot be left out.</param>
    public static decimal? Decimal(JsonCursor at, NumberBounds bounds, bool isWhole, string? defaultText)
    {
        var what = isWhole ? "a whole number" : "a number";
        var fix = $"write {what} {bounds}, without quotes" + (defaultText is null ? "" : $" (default {defaultText})");
        if (at.Kind != JsonValueKind.Number)
        {
            at.WrongType(what, fix);
            return null;
        }

        if (at.AsDecimal() is not { } value || !bounds.Contains(value))
        {
            at.Error($"{SafeText.Show(at.RawNumber).Trim('\'')} is out of bounds", fix);
            return null;
        }

        if (isWhole && value != decimal.Truncate(value))
        {
            at.Error($"{SafeText.Show(at.RawNumber).Trim('\'')} is not a whole number", fix);
            return null;
        }

        return value;
    }

    private static TimeSpan? Duration(JsonCursor at, DurationBounds bounds, string boundsText)
    {
        if (at.Kind == JsonValueKind.Number)
        {
            at.WrongType("a string with a unit", $"write \"{SafeText.Show(at.RawNumber).Trim('\'')}s\" for seconds, or the unit ms, m or h; {boundsText}");
            return null;
        }

        var form = $"write a number and its unit, ms, s, m or h, such as \"250ms\" or \"5s\"; {boundsText}";
        if (at.AsString(form) is not { } text)
        {
            return null;
        }

        if (DurationText.Parse(text) is not { } value)
        {
            at.Error($"{SafeText.Show(text)} is not a duration", form);
            return null;
        }

        if (bounds.Contains(value))
        {
            return value;
        }

        at.Error($"{SafeText.Show(text)} is out of bounds", $"write a duration {boundsText}");
        return null;
    }

    /// <summary>Reports the fields that nobody asked for.</summary>
    public void Close()
    {
        foreach (var (name, at) in _fields)
        {
            if (!_known.Contains(name))
            {
                at.UnknownName($"unknown field {SafeText.Show(name)}", "the fields here are", name, _known);
            }
        }
    }
}
