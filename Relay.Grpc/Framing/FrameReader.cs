using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Google.Protobuf;

namespace Relay.Grpc.Framing;

/// <summary>
/// Reads messages off a body: a byte that says whether it is compressed, its length in 4 bytes, and the message. They come in pieces of any
/// size. A message is parsed straight from the transport's memory, which holds no more than one of them.
/// </summary>
internal sealed class FrameReader(PipeReader body)
{
    /// <summary>The bytes before each message.</summary>
    public const int HeadLength = 5;

    /// <summary>Messages are in gzip when they are marked so; otherwise a marked one is an error.</summary>
    public bool IsGzip { get; init; }

    /// <summary>The largest message, in bytes, compressed and not.</summary>
    public int MaxBytes { get; set; }

    /// <summary>Reads the next message; null at the end of the body.</summary>
    /// <exception cref="GrpcException">It is too large, or not a message.</exception>
    public async ValueTask<T?> ReadAsync<T>(MessageParser<T> parser, CancellationToken cancellation)
        where T : class, IMessage<T>
    {
        while (true)
        {
            var result = await body.ReadAsync(cancellation);
            var (consumed, examined) = (result.Buffer.Start, result.Buffer.End);
            try
            {
                if (TryCut(result.Buffer, out var isCompressed, out var message))
                {
                    consumed = examined = message.End;
                    return Parse(parser, message, isCompressed);
                }

                if (result.IsCompleted)
                {
                    consumed = examined;
                    return result.Buffer.IsEmpty ? null : throw ProtocolError.CutShort();
                }
            }
            finally
            {
                body.AdvanceTo(consumed, examined);
            }
        }
    }

    /// <summary>True at the end of the body, false when more bytes come.</summary>
    public async ValueTask<bool> IsAtEndAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var result = await body.ReadAsync(cancellation);
            body.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            if (!result.Buffer.IsEmpty || result.IsCompleted)
            {
                return result.Buffer.IsEmpty;
            }
        }
    }

    private bool TryCut(in ReadOnlySequence<byte> bytes, out bool isCompressed, out ReadOnlySequence<byte> message)
    {
        (isCompressed, message) = (false, default);
        if (bytes.Length < HeadLength)
        {
            return false;
        }

        Span<byte> head = stackalloc byte[HeadLength];
        bytes.Slice(0, HeadLength).CopyTo(head);
        if (head[0] > 1)
        {
            throw ProtocolError.BadFlag(head[0]);
        }

        isCompressed = head[0] == 1;
        if (isCompressed && !IsGzip)
        {
            throw ProtocolError.NoEncoding();
        }

        // Before anything of it is kept.
        var length = BinaryPrimitives.ReadUInt32BigEndian(head[1..]);
        if (length > MaxBytes)
        {
            throw ProtocolError.TooLarge(MaxBytes);
        }

        if (bytes.Length - HeadLength < length)
        {
            return false;
        }

        message = bytes.Slice(HeadLength, length);
        return true;
    }

    private T Parse<T>(MessageParser<T> parser, in ReadOnlySequence<byte> message, bool isCompressed)
        where T : class, IMessage<T>
    {
        try
        {
            if (!isCompressed)
            {
                return parser.ParseFrom(message);
            }

            using var inflated = Gzip.Inflate(message, MaxBytes);
            return parser.ParseFrom(inflated.Written);
        }
        catch (InvalidProtocolBufferException)
        {
            throw ProtocolError.BadMessage();
        }
    }
}
