using System.Buffers.Binary;
using System.Net;
using Google.Protobuf;
using Relay.V1;

namespace Relay.Load.Watching;

/// <summary>Stats over gRPC without reading what the messages say, so that the client costs little.</summary>
internal sealed class RawStats : IDisposable
{
    private const int HeadLength = 5;

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly Uri _server;

    public RawStats(Uri server) => _server = server;

    /// <summary>Asks once; the length of the answer.</summary>
    /// <exception cref="IOException">It was no answer.</exception>
    public async Task<long> CallAsync(string method, IMessage request, CancellationToken stop)
    {
        using var response = await SendAsync(method, request, stop);
        var bytes = (await response.Content.ReadAsByteArrayAsync(stop)).Length;
        var headers = response.TrailingHeaders.Contains("grpc-status") ? response.TrailingHeaders : response.Headers;
        return headers.TryGetValues("grpc-status", out var status) && status.Single() == "0" ? bytes : throw new IOException($"{method} failed");
    }

    /// <summary>Watches until it is stopped.</summary>
    public async Task WatchAsync(Window window, Action<long> onFrame, CancellationToken stop)
    {
        using var response = await SendAsync("WatchStats", new WatchStatsRequest { Window = window }, stop);
        await using var body = await response.Content.ReadAsStreamAsync(stop);
        while (await body.ReadAtLeastAsync(_buffer.AsMemory(0, HeadLength), HeadLength, throwOnEndOfStream: false, stop) == HeadLength)
        {
            var length = (int)BinaryPrimitives.ReadUInt32BigEndian(_buffer.AsSpan(1));
            for (var left = length; left > 0;)
            {
                var read = await body.ReadAsync(_buffer.AsMemory(0, Math.Min(left, _buffer.Length)), stop);
                left -= read > 0 ? read : throw new IOException("the watch ended within a frame");
            }

            onFrame(length);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(string method, IMessage message, CancellationToken stop)
    {
        var body = new byte[HeadLength + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(1), body.Length - HeadLength);
        message.WriteTo(body.AsSpan(HeadLength));
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_server, "/relay.v1.Stats/" + method))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };

        // As official clients do.
        request.Headers.Add("grpc-accept-encoding", "identity,deflate,gzip");
        return await _http.SendAsync(request, stop);
    }
}
