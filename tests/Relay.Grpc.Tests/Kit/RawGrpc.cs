using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using Google.Protobuf;
using Relay.Grpc.Framing;
using Relay.Grpc.Tests.Echoes;
using Relay.Grpc.Wire.Rpc;

namespace Relay.Grpc.Tests.Kit;

/// <summary>Sends bytes of any form over HTTP/2, and shows what comes back as it is on the wire.</summary>
internal sealed class RawGrpc : IDisposable
{
    public const string Say = "/relay.tests.v1.Echo/Say";
    public const string Count = "/relay.tests.v1.Echo/Count";

    private readonly HttpClient _http;
    private Socket? _socket;

    public RawGrpc(Uri address) =>
        _http = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync }) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>A message with its head.</summary>
    public static byte[] Frame(IMessage message) => Frame(message.ToByteArray());

    /// <summary>Bytes with the head of a message; by default an honest one.</summary>
    public static byte[] Frame(byte[] message, byte flag = 0, uint? length = null)
    {
        var frame = new byte[5 + message.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), length ?? (uint)message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    public static byte[] Gzip(byte[] message)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Optimal))
        {
            gzip.Write(message);
        }

        return zipped.ToArray();
    }

    public static HttpRequestMessage Request(string path, HttpContent content, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = content };
        request.Headers.TE.ParseAdd("trailers");
        content.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return request;
    }

    public Task<RawAnswer> CallAsync(string path, byte[] body, params (string Name, string Value)[] headers) =>
        SendAsync(Request(path, new ByteArrayContent(body), headers));

    public async Task<RawAnswer> SendAsync(HttpRequestMessage request)
    {
        using var owned = request;
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Patience.Token);
        var body = await response.Content.ReadAsByteArrayAsync(Patience.Token);
        var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase);
        var trailers = response.TrailingHeaders.ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase);
        return new RawAnswer((int)response.StatusCode, headers, body, trailers);
    }

    /// <summary>Sends and hands out the response as soon as its head is there.</summary>
    public Task<HttpResponseMessage> StartAsync(HttpRequestMessage request, CancellationToken cancellation) =>
        _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);

    /// <summary>Breaks the connection without a word.</summary>
    public void Break() => _socket!.Close(0);

    public void Dispose() => _http.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await _socket.ConnectAsync(context.DnsEndPoint, cancellation);
        return new NetworkStream(_socket, ownsSocket: true);
    }
}

/// <summary>An answer on the wire.</summary>
internal sealed record RawAnswer(int HttpStatus, IReadOnlyDictionary<string, string> Headers, byte[] Body, IReadOnlyDictionary<string, string> Trailers)
{
    /// <summary>Everything came in one block of headers.</summary>
    public bool IsTrailersOnly => Headers.ContainsKey("grpc-status") && Trailers.Count == 0 && Body.Length == 0;

    public GrpcStatusCode Status => Enum.Parse<GrpcStatusCode>(Ending["grpc-status"]);

    public string Message => PercentEncoding.Decode(Ending.GetValueOrDefault("grpc-message", ""));

    public Wire.Rpc.Status? Details => Ending.TryGetValue("grpc-status-details-bin", out var text) ? Wire.Rpc.Status.Parser.ParseFrom(BinaryHeader.TryDecode(text)) : null;

    public ErrorInfo? ErrorInfo => Details?.Details.Select(any => any.TryUnpack<ErrorInfo>(out var info) ? info : null).FirstOrDefault(info => info is not null);

    public IReadOnlyList<EchoReply> Replies => [.. Frames().Select(frame => EchoReply.Parser.ParseFrom(frame.Message))];

    private IReadOnlyDictionary<string, string> Ending => Trailers.ContainsKey("grpc-status") ? Trailers : Headers;

    public IEnumerable<(byte Flag, byte[] Message)> Frames()
    {
        for (var at = 0; at < Body.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt32BigEndian(Body.AsSpan(at + 1));
            yield return (Body[at], Body.AsSpan(at + 5, length).ToArray());
            at += 5 + length;
        }
    }
}
