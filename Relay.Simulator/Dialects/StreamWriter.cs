using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace Relay.Simulator;

/// <summary>Writes the events of one streamed answer in one dialect. When they leave, and what goes wrong, is <see cref="ChatStream"/>'s.</summary>
/// <param name="output">Receives the events; the stream sends and empties it.</param>
/// <param name="exchange">The request that is answered.</param>
/// <param name="plan">What the answer says.</param>
internal abstract class StreamWriter(PooledBytes output, Exchange exchange, AnswerPlan plan) : IDisposable
{
    public virtual string ContentType => "text/event-stream; charset=utf-8";

    protected PooledBytes Out => output;

    protected Exchange Exchange => exchange;

    protected AnswerPlan Plan => plan;

    protected FaultKind? Fault => exchange.Fault?.Kind;

    /// <summary>What stands before the first word: roles, thoughts.</summary>
    public abstract void Start();

    /// <summary>The pieces from <paramref name="start"/>, <paramref name="count"/> of them.</summary>
    public void Words(PlannedChoice choice, int start, int count)
    {
        while (count > 0)
        {
            var block = choice.BlockAt(start, out var offset);
            var take = Math.Min(count, choice.Blocks[block].Count - offset);
            if (offset == 0 && block > 0)
            {
                Open(choice, block);
            }

            Pieces(choice, block, offset, take);
            if (offset + take == choice.Blocks[block].Count)
            {
                Close(choice, block);
            }

            start += take;
            count -= take;
        }
    }

    /// <summary>Why the answer ends, and what it cost.</summary>
    public abstract void Finish();

    /// <summary>The end mark.</summary>
    public abstract void End();

    /// <summary>An answer that says nothing, with its end mark.</summary>
    public abstract void Empty();

    /// <summary>An event of broken JSON.</summary>
    public abstract void Malformed();

    /// <summary>An error instead of the rest.</summary>
    public abstract void Error(ApiError error);

    /// <summary>A valid event whose one line is about <paramref name="bytes"/> long.</summary>
    public abstract void HugeLine(int bytes);

    public virtual void Dispose() => GC.SuppressFinalize(this);

    /// <summary>A further block begins; the first one is <see cref="Start"/>'s.</summary>
    protected abstract void Open(PlannedChoice choice, int block);

    /// <summary>The pieces of one block as one event.</summary>
    protected abstract void Pieces(PlannedChoice choice, int block, int start, int count);

    /// <summary>A block's last piece is written.</summary>
    protected virtual void Close(PlannedChoice choice, int block)
    {
        // Most dialects let blocks just end.
    }

    protected void Write(ReadOnlySpan<byte> utf8) => output.Write(utf8);

    protected void Escaped(AnswerPieces pieces, int start, int count)
    {
        for (var i = start; i < start + count; i++)
        {
            output.Write(pieces.Escaped(i));
        }
    }

    protected void Number(int number)
    {
        var span = output.GetSpan(11);
        Utf8Formatter.TryFormat(number, span, out var written);
        output.Advance(written);
    }

    protected void Quoted(string text)
    {
        output.Write("\""u8);
        output.Write(JsonEncodedText.Encode(text, PooledBytes.JsonOptions.Encoder).EncodedUtf8Bytes);
        output.Write("\""u8);
    }

    protected void Padding(int bytes)
    {
        Span<byte> block = stackalloc byte[1024];
        block.Fill((byte)'x');
        for (var left = bytes; left > 0; left -= block.Length)
        {
            output.Write(block[..Math.Min(left, block.Length)]);
        }
    }

    /// <summary>Anything that the JSON writer writes. Not for what every word needs.</summary>
    protected void Json<T>(T state, Action<Utf8JsonWriter, T> write)
    {
        using var json = new Utf8JsonWriter(output, PooledBytes.JsonOptions);
        write(json, state);
    }
}
