using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Relay.Api.Live;

/// <summary>
/// A watch as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). A client that reads slowly is waited for
/// with one frame at most; one that takes no frame at all for <see cref="WatchHub.StuckAfter"/> is cut off.
/// </summary>
internal sealed class WatchEvents(HttpContext context, TimeProvider time, CancellationToken over)
{
    /// <summary>Nothing new for this long: a comment says that the stream lives, 15 s.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>No more than this goes to the server's buffer at once, so that a slow client holds up the rest of a frame where it is shared.</summary>
    private const int PieceBytes = 32 * 1024;

    /// <summary>A browser that lost the stream asks again after 2 s.</summary>
    private static readonly byte[] Hello = "retry: 2000\n\n"u8.ToArray();

    private static readonly byte[] Beat = ": still here\n\n"u8.ToArray();

    private readonly PipeWriter _body = context.Response.BodyWriter;
    private int _unsent;

    /// <summary>Sends frames until the watch is over.</summary>
    public async Task RunAsync(Watcher watcher)
    {
        var isTaken = await SendAsync(WriteAsync(Hello));
        while (isTaken)
        {
            var picture = await watcher.TakeAsync(Heartbeat, over);
            isTaken = await SendAsync(WriteAsync(picture?.ToEvent() ?? [Beat]));
        }
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

    private async Task WriteAsync(params ReadOnlyMemory<byte>[] parts)
    {
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
