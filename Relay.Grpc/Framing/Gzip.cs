using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Pipelines;

namespace Relay.Grpc.Framing;

/// <summary>Messages in gzip.</summary>
internal static class Gzip
{
    private const int Step = 16 * 1024;

    /// <summary>Head, one empty block and foot.</summary>
    private const int MinLength = 10 + 2 + 8;

    /// <summary>Decompresses a message, up to a limit: a bomb costs no more than an honest message of that size.</summary>
    /// <exception cref="GrpcException">It is too large, or no gzip.</exception>
    public static PooledBuffer Inflate(in ReadOnlySequence<byte> compressed, int limit)
    {
        var inflated = new PooledBuffer(Step);
        try
        {
            using var source = PipeReader.Create(compressed).AsStream();
            using var gzip = new GZipStream(source, CompressionMode.Decompress);
            while (true)
            {
                var space = inflated.GetSpan(1);
                space = space[..(int)Math.Min(space.Length, (long)limit + 1 - inflated.Length)];
                var read = gzip.Read(space);
                if (read == 0)
                {
                    return EndsWithLength(compressed, inflated.Length) ? inflated : throw new InvalidDataException();
                }

                inflated.Advance(read);
                if (inflated.Length > limit)
                {
                    throw ProtocolError.TooLarge(limit);
                }
            }
        }
        catch (InvalidDataException)
        {
            inflated.Dispose();
            throw ProtocolError.BadGzip();
        }
        catch
        {
            inflated.Dispose();
            throw;
        }
    }

    /// <summary>Compresses a message, quickly rather than well.</summary>
    public static PooledBuffer Deflate(ReadOnlySpan<byte> message)
    {
        var deflated = new PooledBuffer(Math.Max(Step, message.Length / 2));
        using var gzip = new GZipStream(new BufferStream(deflated), CompressionLevel.Fastest);
        gzip.Write(message);
        return deflated;
    }

    /// <summary>The decompressor takes a message that is cut short for whole; its last four bytes (RFC 1952, ISIZE) tell.</summary>
    private static bool EndsWithLength(in ReadOnlySequence<byte> compressed, int length)
    {
        Span<byte> end = stackalloc byte[sizeof(uint)];
        if (compressed.Length < MinLength)
        {
            return false;
        }

        compressed.Slice(compressed.Length - end.Length).CopyTo(end);
        return BinaryPrimitives.ReadUInt32LittleEndian(end) == length;
    }

    /// <summary>What the compressor writes into.</summary>
    private sealed class BufferStream(PooledBuffer buffer) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> bytes) => buffer.Write(bytes);

        public override void Write(byte[] bytes, int offset, int count) => buffer.Write(bytes.AsSpan(offset, count));

        public override void Flush()
        {
            // Written is written.
        }

        public override int Read(byte[] bytes, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
