using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Relay.Api.Live;

/// <summary>
/// A watch as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). A client that reads slowly is waited for
/// with one frame at most; one that takes no frame at all for <see cref="WatchHub.StuckAfter"/> is cut off.
/// </summary>
internal sealed class WatchEvents(HttpContext context, bool isGzip, TimeProvider time, CancellationToken over)
{
    /// <summary>Nothing new for this long: a comment says that the stream lives, 15 s.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>No more than this goes to the server's buffer at once, so that a slow client holds up the rest of a frame where it is shared.</summary>
    private const int PieceBytes = 32 * 1024;

    /// <summary>A browser that lost the stream asks again after 2 s.</summary>
    private static readonly byte[] Hello = "retry: 2000\n\n"u8.ToArray();

    private static readonly byte[] Beat = ": still here\n\n"u8.ToArray();
    private static readonly GzipPiece GzipHello = GzipPiece.Of(Hello);
    private static readonly GzipPiece GzipBeat = GzipPiece.Of(Beat);

    private readonly PipeWriter _body = context.Response.BodyWriter;
    private GzipSum _sum;
    private int _unsent;
    private bool _isWithinEvent;

    /// <summary>Sends frames until the watch is over.</summary>
    public async Task RunAsync(Watcher watcher)
    {
        try
        {
            var isTaken = await SendAsync(WriteAsync(isGzip ? [GzipPiece.Header, .. Add(GzipHello)] : [Hello]));
            while (isTaken)
            {
                var picture = await watcher.TakeAsync(Heartbeat, over);
                isTaken = await SendAsync(WriteAsync(isGzip ? Add(picture?.ToGzipEvent() ?? [GzipBeat]) : picture?.ToEvent() ?? [Beat]));
            }
        }
        catch (OperationCanceledException) when (isGzip && !_isWithinEvent && !context.RequestAborted.IsCancellationRequested)
        {
            // The server stops; what is written here leaves together with the end of the answer.
            _body.Write(_sum.ToEnd());
        }
    }

    /// <summary>Adds pieces to the stream's sum.</summary>
    private ReadOnlyMemory<byte>[] Add(params ReadOnlySpan<GzipPiece> pieces)
    {
        var parts = new ReadOnlyMemory<byte>[pieces.Length];
        for (var i = 0; i < pieces.Length; i++)
        {
            parts[i] = pieces[i].Bytes;
            _sum = pieces[i].After(_sum);
        }

        return parts;
    }

    /// <summary>False when the client did not take it in time.</summary>
    private async Task<bool> SendAsync(Task sending)
    {
        if (sending.IsCompletedSuccessfully)
        {
            return true;
        }

        try
        {
            await sending.WaitAsync(WatchHub.StuckAfter, time, over);
            return true;
        }
        catch (TimeoutException)
        {
            context.Abort();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return false;
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte>[] parts)
    {
        _isWithinEvent = true;
        foreach (var part in parts)
        {
            for (var rest = part; rest.Length > 0;)
            {
                var piece = rest[..Math.Min(rest.Length, PieceBytes - _unsent)];
                rest = rest[piece.Length..];
                _body.Write(piece.Span);
                _unsent += piece.Length;
                if (_unsent == PieceBytes)
                {
                    await FlushAsync();
                }
            }
        }

        await FlushAsync();
        _isWithinEvent = false;
    }

    private async ValueTask FlushAsync()
    {
        _unsent = 0;
        if ((await _body.FlushAsync(over)).IsCompleted)
        {
            throw new OperationCanceledException("The client closed the connection.");
        }
    }
}
