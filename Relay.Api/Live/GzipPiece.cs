using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Compression;

namespace Relay.Api.Live;

/// <summary>
/// Bytes compressed once, to stand in any gzip stream (RFC 1952): deflated on their own, so that they refer to nothing before them, and ended
/// with an empty stored block (RFC 1951, 3.2.4), so that the next ones begin with a byte.
/// <code>
/// Header  piece  piece  ...  sum.ToEnd()
/// </code>
/// </summary>
internal sealed class GzipPiece
{
    private const int TrailerLength = 8;

    private readonly GzipSum _sum;
    private readonly uint _shift;

    private GzipPiece(ReadOnlyMemory<byte> bytes, GzipSum sum)
    {
        Bytes = bytes;
        _sum = sum;
        _shift = GzipSum.Shift(sum.Length);
    }

    /// <summary>What a stream begins with: deflate, no name, no time, compressed quickly.</summary>
    public static ReadOnlyMemory<byte> Header { get; } = new byte[] { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 0xff };

    /// <summary>The piece as it is sent.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Compresses parts that follow each other, quickly rather than well.</summary>
    public static GzipPiece Of(params ReadOnlySpan<ReadOnlyMemory<byte>> parts)
    {
        var output = new MemoryStream();
        long end;
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach (var part in parts)
            {
                gzip.Write(part.Span);
            }

            gzip.Flush();
            end = output.Length;
        }

        // What comes after the flush would end the stream: a last block, and the sum.
        var all = output.GetBuffer().AsSpan(0, (int)output.Length);
        var trailer = all[^TrailerLength..];
        var sum = new GzipSum(BinaryPrimitives.ReadUInt32LittleEndian(trailer), BinaryPrimitives.ReadUInt32LittleEndian(trailer[sizeof(uint)..]));
        return new GzipPiece(all[Header.Length..(int)end].ToArray(), sum);
    }

    /// <summary>A whole stream of pieces.</summary>
    public static ImmutableArray<ReadOnlyMemory<byte>> Stream(params ReadOnlySpan<GzipPiece> pieces)
    {
        var stream = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>(pieces.Length + 2);
        stream.Add(Header);
        var sum = default(GzipSum);
        foreach (var piece in pieces)
        {
            stream.Add(piece.Bytes);
            sum = piece.After(sum);
        }

        stream.Add(sum.ToEnd());
        return stream.MoveToImmutable();
    }

    /// <summary>The sum of a stream that this piece is added to.</summary>
    public GzipSum After(GzipSum before) => before.Then(_sum, _shift);
}
