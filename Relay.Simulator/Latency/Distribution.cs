using System.Globalization;

namespace Relay.Simulator;

/// <summary>A distribution of delays in milliseconds: fixed, uniform or lognormal. Never below zero.</summary>
public sealed record Distribution
{
    private readonly Shape _shape;
    private readonly double _a;
    private readonly double _b;

    private Distribution(Shape shape, double a, double b) => (_shape, _a, _b) = (shape, a, b);

    private enum Shape
    {
        Fixed,
        Uniform,
        LogNormal,
    }

    /// <summary>Always zero.</summary>
    public static Distribution Zero { get; } = Fixed(0);

    /// <summary>True when every sample is zero.</summary>
    public bool IsZero => _shape == Shape.Fixed && _a == 0;

    /// <summary>Always <paramref name="ms"/>.</summary>
    public static Distribution Fixed(double ms) => new(Shape.Fixed, NotNegative(ms), 0);

    /// <summary>Any value from <paramref name="minMs"/> to <paramref name="maxMs"/> alike.</summary>
    public static Distribution Uniform(double minMs, double maxMs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxMs, minMs);
        return new(Shape.Uniform, NotNegative(minMs), NotNegative(maxMs));
    }

    /// <summary>Half the samples below <paramref name="medianMs"/>, with a long tail: exp(normal(ln median, sigma)).</summary>
    public static Distribution LogNormal(double medianMs, double sigma) => new(Shape.LogNormal, NotNegative(medianMs), NotNegative(sigma));

    /// <summary>Uniform around <paramref name="ms"/>: a jitter of 0.2 gives 80 % to 120 % of it. The jitter is 0 to 1.</summary>
    public static Distribution Around(double ms, double jitter)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(jitter);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(jitter, 1);
        return jitter == 0 ? Fixed(ms) : Uniform(ms * (1 - jitter), ms * (1 + jitter));
    }

    /// <summary>Reads <c>150</c>, <c>uniform:100-200</c> or <c>lognormal:150,0.4</c> (median, sigma).</summary>
    /// <exception cref="FormatException">The text has none of the three forms.</exception>
    public static Distribution Parse(string text)
    {
        var (kind, rest) = text.Split(':', 2) is [var k, var r] ? (k, r) : ("fixed", text);
        var numbers = rest.Split(kind == "lognormal" ? ',' : '-');
        var values = new double[numbers.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!double.TryParse(numbers[i], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out values[i]))
            {
                throw Bad(text);
            }
        }

        return (kind, values) switch
        {
            ("fixed", [var ms]) => Fixed(ms),
            ("uniform", [var min, var max]) when min <= max => Uniform(min, max),
            ("lognormal", [var median, var sigma]) => LogNormal(median, sigma),
            _ => throw Bad(text),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => _shape switch
    {
        Shape.Uniform => string.Create(CultureInfo.InvariantCulture, $"uniform:{_a}-{_b}"),
        Shape.LogNormal => string.Create(CultureInfo.InvariantCulture, $"lognormal:{_a},{_b}"),
        _ => _a.ToString(CultureInfo.InvariantCulture),
    };

    internal double SampleMs(ref SplitMix64 random) => _shape switch
    {
        Shape.Uniform => _a + ((_b - _a) * random.NextDouble()),
        Shape.LogNormal => _a * Math.Exp(_b * Normal(ref random)),
        _ => _a,
    };

    // Box-Muller; 1 - u keeps the logarithm finite.
    private static double Normal(ref SplitMix64 random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static FormatException Bad(string text) =>
        new($"'{text}' is no delay; write milliseconds (150), uniform:MIN-MAX or lognormal:MEDIAN,SIGMA");

    private static double NotNegative(double value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        return value;
    }
}
