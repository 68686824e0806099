using System.Globalization;
using System.Numerics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Relay.Core.Cost;
using Relay.Core.Tests.Latency;

namespace Relay.Core.Tests.Cost;

public class NanoUsdTests
{
    private static readonly Gen<long> Nanos = Gen.OneOf(
        from high in Gen.Choose(int.MinValue, int.MaxValue)
        from low in Gen.Choose(int.MinValue, int.MaxValue)
        from shift in Gen.Choose(0, 62)
        select (((long)high << 32) ^ low) >> shift,
        Gen.Elements(0L, 1, -1, 1_000_000_000, -1_000_000_000, 999_999_999, 10, long.MaxValue, long.MinValue));

    [Fact]
    public void Dollars_round_trip_for_every_amount() =>
        Invariant.Holds(
            Nanos,
            nanos =>
            {
                var money = new NanoUsd(nanos);
                Assert.Equal(money, NanoUsd.FromUsd(money.ToUsd()));
            },
            runs: 3000);

    [Fact]
    public void Text_is_a_plain_decimal_that_reads_back_exactly_in_every_format() =>
        Invariant.Holds(
            Nanos,
            nanos =>
            {
                var money = new NanoUsd(nanos);
                var text = money.ToString();
                Assert.Equal(money.ToUsd(), decimal.Parse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture));
                Assert.False(text.Contains('.', StringComparison.Ordinal) && text[^1] is '0' or '.');
                Assert.Equal(text, $"{money}");

                Span<byte> utf8 = stackalloc byte[NanoUsd.MaxTextLength];
                Assert.True(money.TryFormat(utf8, out var bytes));
                Assert.Equal(text, Encoding.UTF8.GetString(utf8[..bytes]));
                Assert.False(money.TryFormat(utf8[..(bytes - 1)], out var none));
                Assert.Equal(0, none);

                Span<char> chars = stackalloc char[NanoUsd.MaxTextLength];
                Assert.True(money.TryFormat(chars, out var written, default, null));
                Assert.Equal(text, chars[..written]);
                Assert.False(money.TryFormat(chars[..(written - 1)], out written, default, null));
            },
            runs: 3000);

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "0.000000001")]
    [InlineData(-420_000, "-0.00042")]
    [InlineData(3_000_000_000, "3")]
    [InlineData(10_050_000_000, "10.05")]
    [InlineData(long.MinValue, "-9223372036.854775808")]
    public void Text_has_no_exponent_and_no_trailing_zeros(long nanos, string text) => Assert.Equal(text, new NanoUsd(nanos).ToString());

    [Theory]
    [InlineData("0.0000000005", 0)]
    [InlineData("0.0000000015", 2)]
    [InlineData("0.0000000025", 2)]
    [InlineData("-0.0000000015", -2)]
    [InlineData("-0.0000000005", 0)]
    [InlineData("0.0000000005000000000000000001", 1)]
    [InlineData("1234.5678901234999999999999999", 1_234_567_890_123)]
    public void Dollars_are_rounded_half_to_even(string usd, long nanos) =>
        Assert.Equal(nanos, NanoUsd.FromUsd(decimal.Parse(usd, CultureInfo.InvariantCulture)).Nanos);

    [Fact]
    public void Arithmetic_is_exact_or_throws() =>
        Invariant.Holds(
            Nanos.Two(),
            pair =>
            {
                var (a, b) = (new NanoUsd(pair.Item1), new NanoUsd(pair.Item2));
                AssertExact((BigInteger)a.Nanos + b.Nanos, () => a + b);
                AssertExact((BigInteger)a.Nanos - b.Nanos, () => a - b);
                AssertExact(-(BigInteger)a.Nanos, () => -a);
                Assert.Equal(a.Nanos.CompareTo(b.Nanos), a.CompareTo(b));
                Assert.Equal(a.Nanos < b.Nanos, a < b);
                Assert.Equal(a.Nanos > b.Nanos, a > b);
                Assert.Equal(a.Nanos <= b.Nanos, a <= b);
                Assert.Equal(a.Nanos >= b.Nanos, a >= b);
            },
            runs: 3000);

    [Theory]
    [InlineData("9223372036.8547758075")]
    [InlineData("-9223372036.8547758095")]
    [InlineData("79228162514264337593543950335")]
    public void Dollars_out_of_range_throw(string usd) =>
        Assert.Throws<OverflowException>(() => NanoUsd.FromUsd(decimal.Parse(usd, CultureInfo.InvariantCulture)));

    private static void AssertExact(BigInteger exact, Func<NanoUsd> compute)
    {
        if (exact >= long.MinValue && exact <= long.MaxValue)
        {
            Assert.Equal((long)exact, compute().Nanos);
        }
        else
        {
            Assert.Throws<OverflowException>(() => compute());
        }
    }
}
