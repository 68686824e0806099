using System.Buffers.Binary;

namespace Relay.Api.Live;

/// <summary>
/// What a gzip stream says of its contents at its end. That of two contents together is found from theirs without reading them again: a CRC
/// is a remainder of polynomials over GF(2), and to append bytes is to multiply by a power of x.
/// </summary>
/// <param name="Crc">Their CRC-32 (RFC 1952).</param>
/// <param name="Length">How many bytes they are, modulo 2^32.</param>
internal readonly record struct GzipSum(uint Crc, uint Length)
{
    /// <summary>CRC-32's polynomial; the highest bit is the coefficient of x^0.</summary>
    private const uint Polynomial = 0xedb88320;

    private const uint One = 1u << 31;

    /// <summary>x^8: a byte.</summary>
    private const uint Byte = One >> 8;

    /// <summary>By what a CRC is multiplied when so many bytes come after it.</summary>
    public static uint Shift(uint length)
    {
        var (shift, power) = (One, Byte);
        for (; length > 0; length >>= 1)
        {
            shift = (length & 1) == 1 ? Multiply(shift, power) : shift;
            power = Multiply(power, power);
        }

        return shift;
    }

    /// <summary>The sum of these contents and others behind them.</summary>
    /// <param name="next">The others.</param>
    /// <param name="shift">The <see cref="Shift"/> of their length.</param>
    public GzipSum Then(GzipSum next, uint shift) => new(Multiply(Crc, shift) ^ next.Crc, unchecked(Length + next.Length));

    /// <summary>The end of a stream: an empty last block, and the sum.</summary>
    public byte[] ToEnd()
    {
        byte[] end = [3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(2), Crc);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(6), Length);
        return end;
    }

    private static uint Multiply(uint left, uint right)
    {
        var product = 0u;
        for (; left != 0; left <<= 1)
        {
            product ^= (left & One) == 0 ? 0 : right;
            right = (right >> 1) ^ ((right & 1) == 0 ? 0 : Polynomial);
        }

        return product;
    }
}
