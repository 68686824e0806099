using System.IO.Compression;

namespace Relay.Load.Watching;

/// <summary>A watch over HTTP as a browser asks for it, in gzip, without reading what the frames say.</summary>
internal static class RawEvents
{
    /// <summary>Watches until it is stopped or the stream ends.</summary>
    /// <param name="server">The API.</param>
    /// <param name="onBytes">Told of each read: the bytes as they came, compressed, and the frames that began in them.</param>
    /// <param name="stop">Stops it.</param>
    public static async Task WatchAsync(Uri server, Action<long, int> onBytes, CancellationToken stop)
    {
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server, "/api/v1/watch?window=1m"));
        request.Headers.Add("Accept-Encoding", "gzip");
        using var response = await http.SendAsync(request, stop);
        await using var body = new CountingStream(await response.Content.ReadAsStreamAsync(stop));
        await using var events = response.Content.Headers.ContentEncoding.Contains("gzip") ? new GZipStream(body, CompressionMode.Decompress) : (Stream)body;
        var buffer = new byte[64 * 1024];
        for (int read; (read = await events.ReadAsync(buffer, stop)) > 0;)
        {
            onBytes(body.Take(), buffer.AsSpan(0, read).Count("\nid: "u8));
        }
    }

    /// <summary>Counts what is read through it.</summary>
    private sealed class CountingStream(Stream inner) : Stream
    {
        private long _count;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        /// <summary>The bytes since the last time.</summary>
        public long Take() => Interlocked.Exchange(ref _count, 0);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            _count += read;
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => inner.Flush();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
