using System.Text;
using Google.Protobuf.Reflection;
using Relay.Grpc;
using Relay.Grpc.Client;
using Relay.V1;

namespace Relay.Gateway.Tests.Kit;

/// <summary>A client of the gateway's gRPC port, through Relay's own client; the official ones are in Grpc/OfficialClientTests.</summary>
internal sealed class GrpcChat(GatewayApp gateway, TimeProvider? time = null) : IDisposable
{
    public static readonly MethodDescriptor Complete = ChatReflection.Descriptor.Services[0].FindMethodByName("Complete");
    public static readonly MethodDescriptor Stream = ChatReflection.Descriptor.Services[0].FindMethodByName("Stream");

    private readonly GrpcClient _client = new(gateway.GrpcUrl, time ?? TimeProvider.System);

    public static ChatRequest Ask(string text = "hello") => new() { Model = Rig.Model, Messages = { new Message { Role = Role.User, Text = text } } };

    public static GrpcCallOptions With(params (string Name, string Value)[] metadata) => new() { Metadata = [.. metadata.Select(m => KeyValuePair.Create(m.Name, m.Value))] };

    public Task<ChatResponse> CompleteAsync(ChatRequest? request = null, GrpcCallOptions? options = null, CancellationToken? cancellation = null) =>
        _client.UnaryAsync<ChatRequest, ChatResponse>(Complete, request ?? Ask(), options, cancellation ?? Patience.Token);

    public IAsyncEnumerable<ChatChunk> StreamAsync(ChatRequest? request = null, GrpcCallOptions? options = null, CancellationToken? cancellation = null) =>
        _client.StreamAsync<ChatRequest, ChatChunk>(Stream, request ?? Ask(), options, cancellation ?? Patience.Token);

    /// <summary>A stream to its end.</summary>
    public async Task<Streamed> ReadAsync(ChatRequest? request = null, GrpcCallOptions? options = null)
    {
        var chunks = new List<ChatChunk>();
        try
        {
            await foreach (var chunk in StreamAsync(request, options))
            {
                chunks.Add(chunk);
            }

            return new(chunks, null);
        }
        catch (GrpcException e)
        {
            return new(chunks, e.Status);
        }
    }

    /// <summary>The status of a call that must fail.</summary>
    public async Task<GrpcStatus> FailAsync(ChatRequest? request = null, GrpcCallOptions? options = null, bool stream = false)
    {
        if (!stream)
        {
            return (await Assert.ThrowsAsync<GrpcException>(() => CompleteAsync(request, options))).Status;
        }

        var streamed = await ReadAsync(request, options);
        Assert.Empty(streamed.Chunks);
        return Assert.IsType<GrpcStatus>(streamed.Error);
    }

    public void Dispose() => _client.Dispose();
}

/// <summary>A stream as a client saw it.</summary>
internal sealed record Streamed(IReadOnlyList<ChatChunk> Chunks, GrpcStatus? Error)
{
    public ChatChunk Last => Chunks[^1];

    public string Text => TextOf(0);

    public string TextOf(int index) => string.Concat(Chunks.SelectMany(c => c.Choices).Where(c => c.Index == index).Select(c => c.Text));

    public string Reasoning => string.Concat(Chunks.SelectMany(c => c.Choices).Select(c => c.Reasoning));

    public string? FinishReason(int index = 0) =>
        Assert.Single(Chunks.SelectMany(c => c.Choices), c => c.Index == index && c.FinishReason.Length > 0).FinishReason;

    public override string ToString() => new StringBuilder().AppendJoin('\n', Chunks).Append(' ').Append(Error).ToString();
}
