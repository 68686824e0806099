using System.Net;
using System.Threading.Channels;

namespace Relay.Grpc.Tests.Kit;

/// <summary>A body whose pieces the test sends one by one, until it says that was all.</summary>
internal sealed class PiecesContent : HttpContent
{
    private readonly Channel<(byte[] Piece, TaskCompletionSource Sent)> _pieces = Channel.CreateBounded<(byte[], TaskCompletionSource)>(1_000);

    /// <summary>Sends a piece; returns when it was written.</summary>
    public async Task SendAsync(byte[] piece)
    {
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _pieces.Writer.WriteAsync((piece, sent), Patience.Token);
        await sent.Task.WaitAsync(Patience.Token);
    }

    public void End() => _pieces.Writer.Complete();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await foreach (var (piece, sent) in _pieces.Reader.ReadAllAsync(Patience.Token))
        {
            await stream.WriteAsync(piece, Patience.Token);
            await stream.FlushAsync(Patience.Token);
            sent.SetResult();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
