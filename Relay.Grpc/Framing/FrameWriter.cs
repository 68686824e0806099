using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;

namespace Relay.Grpc.Framing;

/// <summary>Writes a message with its head into a buffer.</summary>
internal static class FrameWriter
{
    /// <summary>Writes it as it is.</summary>
    public static void Write(IBufferWriter<byte> output, IMessage message)
    {
        WriteHead(output, isCompressed: false, message.CalculateSize());
        message.WriteTo(output);
    }

    /// <summary>Writes it in gzip, unless it is shorter than <paramref name="minBytes"/> or does not shrink.</summary>
    public static void WriteGzip(IBufferWriter<byte> output, IMessage message, int minBytes)
    {
        var size = message.CalculateSize();
        if (size < minBytes)
        {
            Write(output, message);
            return;
        }

        using var plain = new PooledBuffer(size);
        message.WriteTo(plain);
        using var deflated = Gzip.Deflate(plain.Written);
        var shrinks = deflated.Length < size;
        var bytes = shrinks ? deflated.Written : plain.Written;
        WriteHead(output, shrinks, bytes.Length);
        output.Write(bytes);
    }

    /// <summary>Writes the bytes before a message.</summary>
    public static void WriteHead(IBufferWriter<byte> output, bool isCompressed, int length)
    {
        var head = output.GetSpan(FrameReader.HeadLength);
        head[0] = isCompressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(head[1..], length);
        output.Advance(FrameReader.HeadLength);
    }
}
