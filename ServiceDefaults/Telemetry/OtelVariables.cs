using System.Collections;
using System.Globalization;

namespace Relay.ServiceDefaults.Telemetry;

/// <summary>
/// Reads OpenTelemetry's environment variables (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/). An
/// empty one is none. One that means nothing is told and left out, as that specification has it: telemetry is not worth an outage.
/// </summary>
/// <param name="values">The variables by name.</param>
internal sealed class OtelVariables(IReadOnlyDictionary<string, string> values)
{
    private const int MaxShown = 100;

    private readonly List<string> _problems = [];

    /// <summary>What was wrong: each names its variable, what it may be, and what is done instead. No value of a header.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>All of them.</summary>
    public IReadOnlyDictionary<string, string> Values => values;

    /// <summary>Those of this process that are OpenTelemetry's.</summary>
    public static Dictionary<string, string> OfProcess() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .Where(e => ((string)e.Key).StartsWith("OTEL_", StringComparison.Ordinal))
        .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);

    /// <summary>The value of the first of these that is set, and its name.</summary>
    public (string Name, string Value)? First(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (values.TryGetValue(name, out var value) && !string.IsNullOrWhiteSpace(value))
            {
                return (name, value.Trim());
            }
        }

        return null;
    }

    /// <summary>A whole number.</summary>
    public int Whole(int otherwise, int lowest, int highest, params ReadOnlySpan<string> names)
    {
        if (First(names) is not var (name, value))
        {
            return otherwise;
        }

        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= lowest && number <= highest
            ? number
            : Otherwise(name, value, string.Create(CultureInfo.InvariantCulture, $"a whole number from {lowest} to {highest}"), otherwise);
    }

    /// <summary>A number from 0 to 1.</summary>
    public double Share(double otherwise, string name) => First(name) is not var (_, value) ? otherwise
        : double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 1 ? number
        : Otherwise(name, value, "a number from 0 to 1", otherwise);

    /// <summary>true or false.</summary>
    public bool Flag(string name) => OneOf(false, [name], ("false", false), ("true", true));

    /// <summary>One of some words, in any case.</summary>
    /// <param name="otherwise">Where none is set.</param>
    /// <param name="names">The variables; the first that is set counts.</param>
    /// <param name="words">The words; the first one with the default's value is told as what is used instead.</param>
    public T OneOf<T>(T otherwise, ReadOnlySpan<string> names, params (string Word, T Value)[] words)
    {
        if (First(names) is not var (name, value))
        {
            return otherwise;
        }

        foreach (var (word, meaning) in words)
        {
            if (word.Equals(value, StringComparison.OrdinalIgnoreCase))
            {
                return meaning;
            }
        }

        var used = Array.Find(words, w => EqualityComparer<T>.Default.Equals(w.Value, otherwise)).Word ?? "nothing";
        Problem(name, value, string.Join(", ", words.Select(w => w.Word)), $"{used} is used");
        return otherwise;
    }

    /// <summary>A list of <c>key=value</c>, separated by commas; null for none. Its values are never told.</summary>
    /// <param name="instead">What is done when it is broken.</param>
    /// <param name="names">The variables; the first that is set counts.</param>
    public string? Pairs(string instead, params ReadOnlySpan<string> names)
    {
        if (First(names) is not var (name, value))
        {
            return null;
        }

        foreach (var pair in value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (pair.IndexOf('=', StringComparison.Ordinal) is not > 0)
            {
                Add($"{name} is broken; it may be key=value, more of them separated by commas. {instead}.");
                return null;
            }
        }

        return value;
    }

    /// <summary>A URL of http or https.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="value">Its value.</param>
    /// <param name="instead">What is done when it is none.</param>
    public Uri? Url(string name, string value, string instead)
    {
        if (Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Host.Length > 0)
        {
            return url;
        }

        Problem(name, value, "a URL that begins with http:// or https://", instead);
        return null;
    }

    private T Otherwise<T>(string name, string value, string allowed, T otherwise)
        where T : IFormattable
    {
        Problem(name, value, allowed, $"{otherwise.ToString(null, CultureInfo.InvariantCulture)} is used");
        return otherwise;
    }

    private void Problem(string name, string value, string allowed, string instead)
    {
        // A URL may hold a password.
        var shown = value.Contains('@', StringComparison.Ordinal) || value.Length > MaxShown ? "not understood" : $"'{value}'";
        Add($"{name} is {shown}; it may be {allowed}. {char.ToUpperInvariant(instead[0])}{instead[1..]}.");
    }

    /// <summary>What several signals share is told once.</summary>
    private void Add(string problem)
    {
        if (!_problems.Contains(problem))
        {
            _problems.Add(problem);
        }
    }
}
