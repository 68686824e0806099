using System.Globalization;
using System.Numerics;

namespace Relay.Load.Cli;

/// <summary>Figures as the tables show them.</summary>
internal static class Figures
{
    /// <summary>Microseconds as milliseconds; a dash for none.</summary>
    public static string Ms(double? micros) => micros is { } value ? (value / 1000).ToString(Math.Abs(value) < 10_000 ? "0.00" : "0.0", CultureInfo.InvariantCulture) : "–";

    /// <summary>A number with its digits after the point; a dash for none.</summary>
    public static string Number(double? value, int digits = 0) =>
        value is { } v && double.IsFinite(v) ? v.ToString("N" + digits, CultureInfo.InvariantCulture) : "–";

    /// <summary>Kilobytes as megabytes.</summary>
    public static string Mb(double? kb) => Number(kb / 1024, 1);

    /// <summary>Errors by reason.</summary>
    public static string Errors(IReadOnlyDictionary<string, long> errors) =>
        errors.Count == 0 ? "0" : string.Join(", ", errors.OrderByDescending(e => e.Value).Select(e => $"{e.Value}× {e.Key}"));

    /// <summary>The median, and null when there is nothing.</summary>
    public static double? Median<T>(IEnumerable<T?> values)
        where T : struct, INumber<T>
    {
        var sorted = values.Where(v => v is not null).Select(v => double.CreateChecked(v!.Value)).Where(double.IsFinite).Order().ToArray();
        return sorted.Length == 0 ? null : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
