using System.Globalization;

namespace Relay.Cli.Top;

/// <summary>Figures in few characters, for people. What is not known is a dash.</summary>
internal static class Format
{
    /// <summary>What stands for a figure that is not known.</summary>
    public const string None = "-";

    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    /// <summary>A count in at most seven characters: <c>99,999</c>, <c>123k</c>, <c>4.56M</c>.</summary>
    public static string Count(long count) => count switch
    {
        < 100_000 => count.ToString("N0", Plain),
        < 1_000_000 => string.Create(Plain, $"{count / 1_000}k"),
        < 1_000_000_000 => string.Create(Plain, $"{Cut(count / 1e6)}M"),
        _ => string.Create(Plain, $"{Cut(count / 1e9)}G"),
    };

    /// <summary>A share of 0 to 1 in percent; cut, so that 100 means all.</summary>
    public static string Percent(double share) => share >= 1 ? "100%" : string.Create(Plain, $"{Math.Floor(Math.Round(share * 1_000, 6)) / 10:0.0}%");

    /// <summary>A time: <c>0.4ms</c>, <c>87ms</c>, <c>1.25s</c>, <c>12.3s</c>, <c>2m05s</c>, <c>1h00m</c>.</summary>
    public static string Milliseconds(double? milliseconds) => milliseconds switch
    {
        null => None,
        < 9.95 => string.Create(Plain, $"{milliseconds:0.0}ms"),
        < 999.5 => string.Create(Plain, $"{milliseconds:0}ms"),
        < 9_995 => string.Create(Plain, $"{milliseconds / 1_000:0.00}s"),
        < 59_950 => string.Create(Plain, $"{milliseconds / 1_000:0.0}s"),
        _ => Span(TimeSpan.FromMilliseconds(milliseconds.Value)),
    };

    /// <summary>A span in whole seconds: <c>7s</c>, <c>2m05s</c>, <c>1h00m</c>, <c>3d04h</c>; a negative one is none.</summary>
    public static string Span(TimeSpan span)
    {
        var seconds = (long)Math.Max(0, Math.Round(span.TotalSeconds));
        return seconds switch
        {
            < 60 => string.Create(Plain, $"{seconds}s"),
            < 3_600 => string.Create(Plain, $"{seconds / 60}m{seconds % 60:00}s"),
            < 86_400 => string.Create(Plain, $"{seconds / 3_600}h{seconds / 60 % 60:00}m"),
            _ => string.Create(Plain, $"{seconds / 86_400}d{seconds / 3_600 % 24:00}h"),
        };
    }

    /// <summary>A rate: <c>7.5</c>, <c>123</c>, <c>12.3k</c>.</summary>
    public static string Rate(double? rate) => rate switch
    {
        null => None,
        < 99.95 => string.Create(Plain, $"{rate:0.0}"),
        < 9_999.5 => string.Create(Plain, $"{rate:0}"),
        _ => string.Create(Plain, $"{Cut(rate.Value / 1e3)}k"),
    };

    /// <summary>Money in 1e-9 US dollars: <c>$0.0012</c>, <c>$1.23</c>, <c>$1,235</c>; what is not nothing is not told as nothing.</summary>
    public static string Cost(long nanoUsd)
    {
        var usd = nanoUsd / 1e9;
        return usd switch
        {
            0 => "$0",
            < 0.00005 => "<$0.0001",
            < 0.99995 => string.Create(Plain, $"${usd:0.0000}"),
            < 999.995 => string.Create(Plain, $"${usd:0.00}"),
            < 99_999.5 => string.Create(Plain, $"${usd:N0}"),
            _ => string.Create(Plain, $"${Cut(usd / 1e6)}M"),
        };
    }

    /// <summary>Three digits.</summary>
    private static string Cut(double value) => value.ToString(value < 9.995 ? "0.00" : value < 99.95 ? "0.0" : "0", Plain);
}
