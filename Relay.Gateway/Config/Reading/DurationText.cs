using System.Globalization;
using System.Text.RegularExpressions;

namespace Relay.Gateway.Config.Reading;

/// <summary>Durations as the file writes them: a number and ms, s, m or h, such as <c>250ms</c> or <c>1.5s</c>.</summary>
internal static partial class DurationText
{
    private static readonly (string Unit, long Ticks)[] Units =
    [
        ("ms", TimeSpan.TicksPerMillisecond), ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute), ("h", TimeSpan.TicksPerHour),
    ];

    /// <summary>The duration, or null when the text is none; what is too long to hold becomes the longest.</summary>
    public static TimeSpan? Parse(string text)
    {
        if (Pattern().Match(text) is not { Success: true } match)
        {
            return null;
        }

        var ticksPerUnit = Array.Find(Units, unit => unit.Unit == match.Groups["unit"].Value).Ticks;
        var count = decimal.Parse(match.Groups["count"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        return TimeSpan.FromTicks((long)Math.Min(count * ticksPerUnit, long.MaxValue));
    }

    /// <summary>The text of a duration in the largest unit that holds it without fraction.</summary>
    public static string Format(TimeSpan value)
    {
        if (value == TimeSpan.Zero)
        {
            return "0s";
        }

        foreach (var (unit, ticks) in Units.Reverse())
        {
            if (value.Ticks % ticks == 0)
            {
                return $"{value.Ticks / ticks}{unit}";
            }
        }

        return value.TotalMilliseconds.ToString("0.####", CultureInfo.InvariantCulture) + "ms";
    }

    [GeneratedRegex(@"\A(?<count>[0-9]{1,12}(\.[0-9]{1,6})?)(?<unit>ms|s|m|h)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
