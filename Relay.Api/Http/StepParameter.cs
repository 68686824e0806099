using System.Globalization;

namespace Relay.Api.Http;

/// <summary>Spelling of a step: a whole number and <c>s</c>, <c>m</c> or <c>h</c>, such as <c>15s</c>, <c>2m</c> or <c>1h</c>.</summary>
internal static class StepParameter
{
    private const int MaxDigits = 6;
    private static readonly (char Unit, int Seconds)[] Units = [('h', 3_600), ('m', 60), ('s', 1)];

    /// <summary>Reads a step above zero.</summary>
    public static bool TryParse(string? text, out TimeSpan step)
    {
        step = default;
        if (text is not { Length: > 1 and <= MaxDigits + 1 } || !int.TryParse(text.AsSpan()[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        step = TimeSpan.FromSeconds((long)number * Array.Find(Units, unit => unit.Unit == text[^1]).Seconds);
        return step > TimeSpan.Zero;
    }

    /// <summary>The spelling of whole seconds, in the largest unit that fits.</summary>
    public static string Label(TimeSpan step)
    {
        var seconds = (long)step.TotalSeconds;
        var (unit, length) = Array.Find(Units, unit => seconds % unit.Seconds == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds / length}{unit}");
    }
}
