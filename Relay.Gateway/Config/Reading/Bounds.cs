namespace Relay.Gateway.Config.Reading;

/// <summary>The bounds of a number.</summary>
/// <param name="Min">The least.</param>
/// <param name="Max">The most, itself allowed.</param>
/// <param name="IsAboveMin">True when <paramref name="Min"/> itself is not allowed.</param>
internal readonly record struct NumberBounds(decimal Min, decimal Max, bool IsAboveMin = false)
{
    public bool Contains(decimal value) => value <= Max && (IsAboveMin ? value > Min : value >= Min);

    public override string ToString() => IsAboveMin ? $"above {Text(Min)} up to {Text(Max)}" : $"from {Text(Min)} to {Text(Max)}";

    public static string Text(decimal value) => value.ToString("#,0.############", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>The bounds of a duration, both allowed.</summary>
/// <param name="Min">The shortest.</param>
/// <param name="Max">The longest.</param>
internal readonly record struct DurationBounds(TimeSpan Min, TimeSpan Max)
{
    public bool Contains(TimeSpan value) => value >= Min && value <= Max;

    public override string ToString() => $"from {DurationText.Format(Min)} to {DurationText.Format(Max)}";
}
