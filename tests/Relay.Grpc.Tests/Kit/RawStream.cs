using System.Buffers.Binary;
using Google.Protobuf;

namespace Relay.Grpc.Tests.Kit;

/// <summary>A call whose messages are sent and read one by one.</summary>
internal sealed class RawStream : IAsyncDisposable
{
    private readonly PiecesContent _requests = new();
    private readonly HttpRequestMessage _request;
    private readonly Task<HttpResponseMessage> _starting;
    private Stream? _answers;

    public RawStream(RawGrpc raw, string path, params (string Name, string Value)[] headers)
    {
        _request = RawGrpc.Request(path, _requests, headers);
        _starting = raw.StartAsync(_request, Patience.Token);
    }

    public Task SendAsync(IMessage message) => _requests.SendAsync(RawGrpc.Frame(message));

    public void EndRequests() => _requests.End();

    /// <summary>The next message; null at the end.</summary>
    public async Task<T?> ReadAsync<T>(MessageParser<T> parser)
        where T : class, IMessage<T>
    {
        var response = await _starting;
        _answers ??= await response.Content.ReadAsStreamAsync(Patience.Token);
        var head = new byte[5];
        var read = await _answers.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, Patience.Token);
        if (read == 0)
        {
            return null;
        }

        Assert.Equal(5, read);
        var message = new byte[BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(1))];
        await _answers.ReadExactlyAsync(message, Patience.Token);
        return parser.ParseFrom(message);
    }

    /// <summary>The status, at the end.</summary>
    public async Task<GrpcStatusCode> StatusAsync()
    {
        var response = await _starting;
        var headers = response.TrailingHeaders.Contains("grpc-status") ? response.TrailingHeaders : response.Headers;
        return Enum.Parse<GrpcStatusCode>(headers.GetValues("grpc-status").Single());
    }

    public async ValueTask DisposeAsync()
    {
        (await _starting).Dispose();
        _request.Dispose();
    }
}
