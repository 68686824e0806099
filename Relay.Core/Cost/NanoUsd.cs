using System.Globalization;
using System.Text;

namespace Relay.Core.Cost;

/// <summary>
/// An amount of money in units of 1e-9 US dollars: exact to add and compare, wide enough for ±9.2 billion dollars.
/// Arithmetic throws <see cref="OverflowException"/> instead of wrapping.
/// </summary>
/// <param name="Nanos">The amount in 1e-9 USD.</param>
public readonly record struct NanoUsd(long Nanos) : IComparable<NanoUsd>, IComparable, ISpanFormattable, IUtf8SpanFormattable
{
    /// <summary>The longest text of any amount, in characters or bytes: <c>-9223372036.854775808</c>.</summary>
    public const int MaxTextLength = 21;

    private const long NanosPerUsd = 1_000_000_000;

    /// <summary>No money.</summary>
    public static NanoUsd Zero => default;

    /// <summary>The largest amount, 9223372036.854775807 USD.</summary>
    public static NanoUsd MaxValue => new(long.MaxValue);

    /// <summary>The smallest amount, -9223372036.854775808 USD.</summary>
    public static NanoUsd MinValue => new(long.MinValue);

    /// <summary>Adds.</summary>
    /// <param name="a">An amount.</param>
    /// <param name="b">An amount.</param>
    /// <exception cref="OverflowException">The sum is out of range.</exception>
    public static NanoUsd operator +(NanoUsd a, NanoUsd b) => new(checked(a.Nanos + b.Nanos));

    /// <summary>Subtracts.</summary>
    /// <param name="a">An amount.</param>
    /// <param name="b">An amount.</param>
    /// <exception cref="OverflowException">The difference is out of range.</exception>
    public static NanoUsd operator -(NanoUsd a, NanoUsd b) => new(checked(a.Nanos - b.Nanos));

    /// <summary>Negates.</summary>
    /// <param name="a">An amount.</param>
    /// <exception cref="OverflowException">The amount is <see cref="MinValue"/>.</exception>
    public static NanoUsd operator -(NanoUsd a) => new(checked(-a.Nanos));

    /// <summary>Less than.</summary>
    /// <param name="a">An amount.</param>
    /// <param name="b">An amount.</param>
    public static bool operator <(NanoUsd a, NanoUsd b) => a.Nanos < b.Nanos;

    /// <summary>More than.</summary>
    /// <param name="a">An amount.</param>
    /// <param name="b">An amount.</param>
    public static bool operator >(NanoUsd a, NanoUsd b) => a.Nanos > b.Nanos;

    /// <summary>At most.</summary>
    /// <param name="a">An amount.</param>
    /// <param name="b">An amount.</param>
    public static bool operator <=(NanoUsd a, NanoUsd b) => a.Nanos <= b.Nanos;

    /// <summary>At least.</summary>
    /// <param name="a">An amount.</param>
    /// <param name="b">An amount.</param>
    public static bool operator >=(NanoUsd a, NanoUsd b) => a.Nanos >= b.Nanos;

    /// <summary>Rounds dollars to the nearest 1e-9, half to even.</summary>
    /// <param name="usd">US dollars.</param>
    /// <exception cref="OverflowException">Out of range.</exception>
    public static NanoUsd FromUsd(decimal usd) => FromNanos(usd * NanosPerUsd);

    /// <summary>The amount in US dollars, exactly.</summary>
    public decimal ToUsd() => (decimal)Nanos / NanosPerUsd;

    /// <inheritdoc/>
    public int CompareTo(NanoUsd other) => Nanos.CompareTo(other.Nanos);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        NanoUsd other => CompareTo(other),
        _ => throw new ArgumentException("Only money compares with money.", nameof(obj)),
    };

    /// <summary>US dollars as a plain invariant decimal: no sign of currency, no exponent, no trailing zeros (<c>0.00042</c>, <c>-3</c>).</summary>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[MaxTextLength];
        return Encoding.ASCII.GetString(text[..Write(text)]);
    }

    /// <summary>The same as <see cref="ToString()"/>; there is one format.</summary>
    /// <param name="format">Ignored.</param>
    /// <param name="formatProvider">Ignored; always invariant.</param>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <summary>Writes the text of <see cref="ToString()"/> as UTF-8, without allocating.</summary>
    /// <param name="utf8Destination">At least as long as the text; <see cref="MaxTextLength"/> always is.</param>
    /// <param name="bytesWritten">Bytes written; 0 when it does not fit.</param>
    /// <param name="format">Ignored.</param>
    /// <param name="provider">Ignored; always invariant.</param>
    /// <returns>False, with nothing written, when it does not fit.</returns>
    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        TryFormat(utf8Destination, out bytesWritten);

    /// <summary>Writes the text of <see cref="ToString()"/> as UTF-8, without allocating.</summary>
    /// <param name="utf8Destination">At least as long as the text; <see cref="MaxTextLength"/> always is.</param>
    /// <param name="bytesWritten">Bytes written; 0 when it does not fit.</param>
    /// <returns>False, with nothing written, when it does not fit.</returns>
    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten)
    {
        Span<byte> text = stackalloc byte[MaxTextLength];
        var length = Write(text);
        bytesWritten = text[..length].TryCopyTo(utf8Destination) ? length : 0;
        return bytesWritten > 0;
    }

    /// <summary>Writes the text of <see cref="ToString()"/> as characters, without allocating.</summary>
    /// <param name="destination">At least as long as the text; <see cref="MaxTextLength"/> always is.</param>
    /// <param name="charsWritten">Characters written; 0 when it does not fit.</param>
    /// <param name="format">Ignored.</param>
    /// <param name="provider">Ignored; always invariant.</param>
    /// <returns>False when it does not fit.</returns>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        Span<byte> text = stackalloc byte[MaxTextLength];
        return Encoding.ASCII.TryGetChars(text[..Write(text)], destination, out charsWritten);
    }

    /// <summary>Rounds an amount in 1e-9 USD to a whole number, half to even.</summary>
    /// <exception cref="OverflowException">Out of range.</exception>
    internal static NanoUsd FromNanos(decimal nanos) => new((long)decimal.Round(nanos, MidpointRounding.ToEven));

    private int Write(Span<byte> text)
    {
        // Unsigned, because the magnitude of long.MinValue has no positive long.
        var magnitude = Nanos < 0 ? 0UL - (ulong)Nanos : (ulong)Nanos;
        var (whole, fraction) = Math.DivRem(magnitude, (ulong)NanosPerUsd);
        var length = 0;
        if (Nanos < 0)
        {
            text[length++] = (byte)'-';
        }

        whole.TryFormat(text[length..], out var digits, default, CultureInfo.InvariantCulture);
        length += digits;
        if (fraction == 0)
        {
            return length;
        }

        text[length++] = (byte)'.';
        fraction.TryFormat(text[length..], out digits, "D9", CultureInfo.InvariantCulture);
        return length + text.Slice(length, digits).TrimEnd((byte)'0').Length;
    }
}
