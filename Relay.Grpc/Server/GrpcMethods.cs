using System.Collections.Immutable;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Relay.Grpc.Server;

/// <summary>A method and what serves it.</summary>
internal abstract class GrpcMethod(MethodDescriptor descriptor, string path)
{
    /// <summary>What it is.</summary>
    public MethodDescriptor Descriptor => descriptor;

    /// <summary>Its path: <c>/package.Service/Method</c>.</summary>
    public string Path => path;

    /// <summary>The client may send for as long as it likes.</summary>
    public virtual bool ClientStreams => false;

    /// <summary>What is to happen around each call, or null.</summary>
    public Func<GrpcCall, Func<ValueTask>, ValueTask>? Around { get; init; }

    /// <summary>Serves one call: reads, handles, writes.</summary>
    public abstract ValueTask RunAsync(GrpcCall call, CallFrames frames);
}

/// <summary>One message in, one out.</summary>
internal sealed class UnaryMethod<TRequest, TResponse>(
    MethodDescriptor descriptor, string path, Func<TRequest, GrpcCall, ValueTask<TResponse>> handler) : GrpcMethod(descriptor, path)
    where TRequest : class, IMessage<TRequest>, new()
    where TResponse : class, IMessage<TResponse>, new()
{
    private readonly MessageParser<TRequest> _parser = new(static () => new TRequest());

    public override async ValueTask RunAsync(GrpcCall call, CallFrames frames)
    {
        var request = await frames.ReadOnlyOneAsync(_parser);
        var response = await handler(request, call);
        await frames.WriteLastAsync(response ?? throw new InvalidOperationException("The handler returned null."));
    }
}

/// <summary>One message in, any number out.</summary>
internal sealed class ServerStreamMethod<TRequest, TResponse>(
    MethodDescriptor descriptor, string path, Func<TRequest, IGrpcWriter<TResponse>, GrpcCall, ValueTask> handler) : GrpcMethod(descriptor, path)
    where TRequest : class, IMessage<TRequest>, new()
    where TResponse : class, IMessage<TResponse>, new()
{
    private readonly MessageParser<TRequest> _parser = new(static () => new TRequest());

    public override async ValueTask RunAsync(GrpcCall call, CallFrames frames)
    {
        var request = await frames.ReadOnlyOneAsync(_parser);
        await handler(request, new CallWriter<TResponse>(frames), call);
    }
}

/// <summary>Any number in, any number out; only what gRPC's own services need.</summary>
internal sealed class DuplexMethod<TRequest, TResponse>(
    MethodDescriptor descriptor, string path, Func<IGrpcReader<TRequest>, IGrpcWriter<TResponse>, GrpcCall, ValueTask> handler) : GrpcMethod(descriptor, path)
    where TRequest : class, IMessage<TRequest>, new()
    where TResponse : class, IMessage<TResponse>, new()
{
    private readonly MessageParser<TRequest> _parser = new(static () => new TRequest());

    public override bool ClientStreams => true;

    public override ValueTask RunAsync(GrpcCall call, CallFrames frames) =>
        handler(new CallReader<TRequest>(frames, _parser), new CallWriter<TResponse>(frames), call);
}

/// <summary>The messages that a client streams.</summary>
internal sealed class CallReader<T>(CallFrames frames, MessageParser<T> parser) : IGrpcReader<T>
    where T : class, IMessage<T>, new()
{
    public ValueTask<T?> ReadAsync() => frames.ReadAsync(parser);
}

/// <summary>The messages that a handler streams.</summary>
internal sealed class CallWriter<T>(CallFrames frames) : IGrpcWriter<T>
    where T : class, IMessage<T>
{
    public ValueTask WriteAsync(T message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return frames.WriteAsync(message);
    }

    public bool AcceptsGzip => frames.AcceptsGzip;

    public ValueTask WriteSerializedAsync(ImmutableArray<ReadOnlyMemory<byte>> parts, bool isGzip) => frames.WriteSerializedAsync(parts, isGzip);

    public ValueTask WriteAllAsync(IReadOnlyList<T> messages) => frames.WriteAllAsync(messages);
}
