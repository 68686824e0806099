using System.Buffers.Binary;
using System.Net.Sockets;
using Relay.Grpc.Tests.Kit;

namespace Relay.Grpc.Tests.Calls;

public sealed class SettingsTests
{
    private const int MaxConcurrentStreams = 0x3;

    /// <summary>The first frame of an HTTP/2 server is its SETTINGS: 9 bytes of head, then pairs of a 2-byte name and a 4-byte value (RFC 9113, 6.5).</summary>
    [Fact]
    public async Task Connection_TakesOneThousandCallsAtOnce()
    {
        await using var host = await EchoHost.StartAsync();
        using var socket = new TcpClient();
        await socket.ConnectAsync(host.Grpc.Host, host.Grpc.Port, Patience.Token);
        var stream = socket.GetStream();
        await stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0"u8.ToArray(), Patience.Token);

        var head = new byte[9];
        await stream.ReadExactlyAsync(head, Patience.Token);
        var settings = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
        await stream.ReadExactlyAsync(settings, Patience.Token);

        Assert.Equal(4, head[3]);
        var values = settings.Chunk(6).ToDictionary(pair => BinaryPrimitives.ReadUInt16BigEndian(pair), pair => BinaryPrimitives.ReadUInt32BigEndian(pair.AsSpan(2)));
        Assert.Equal((uint)GrpcHosting.MaxStreamsPerConnection, values[MaxConcurrentStreams]);
    }

    [Fact]
    public async Task Http1_IsRefused()
    {
        await using var host = await EchoHost.StartAsync();
        using var http = new HttpClient();

        var response = await http.GetAsync(new Uri(host.Grpc, "/"), Patience.Token);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains("HTTP/2", await response.Content.ReadAsStringAsync(Patience.Token), StringComparison.Ordinal);
    }
}
