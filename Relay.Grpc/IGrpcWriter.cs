using System.Collections.Immutable;
using Google.Protobuf;

namespace Relay.Grpc;

/// <summary>Takes the messages that a method answers with.</summary>
/// <typeparam name="T">Their type.</typeparam>
public interface IGrpcWriter<in T>
    where T : class, IMessage<T>
{
    /// <summary>Sends a message; waits while the client is slow to take what was sent. One at a time.</summary>
    /// <exception cref="OperationCanceledException">The client left, or the deadline passed.</exception>
    /// <exception cref="InvalidOperationException">Another write is under way.</exception>
    ValueTask WriteAsync(T message);

    /// <summary>Sends messages that are there together, as <see cref="WriteAsync"/> does, but in one go: cheaper than one by one.</summary>
    /// <param name="messages">In order; not to be changed until this is done.</param>
    /// <exception cref="OperationCanceledException">The client left, or the deadline passed.</exception>
    /// <exception cref="InvalidOperationException">Another write is under way.</exception>
    ValueTask WriteAllAsync(IReadOnlyList<T> messages);

    /// <summary>The client says that it reads messages in gzip.</summary>
    bool AcceptsGzip { get; }

    /// <summary>Sends a message that is serialized already, for one that many callers get. For the rest as above.</summary>
    /// <param name="parts">Its bytes, in as many parts as they happen to be in.</param>
    /// <param name="isGzip">They are a gzip stream (RFC 1952) of it; only where <see cref="AcceptsGzip"/>. If any message of a stream is one, the first must be.</param>
    /// <exception cref="InvalidOperationException">Also when the client was not told, or did not say, that messages may be in gzip.</exception>
    ValueTask WriteSerializedAsync(ImmutableArray<ReadOnlyMemory<byte>> parts, bool isGzip);
}

/// <summary>Gives the messages that a client sends.</summary>
/// <typeparam name="T">Their type.</typeparam>
internal interface IGrpcReader<T>
    where T : class, IMessage<T>
{
    /// <summary>The next message; null when the client has sent its last.</summary>
    ValueTask<T?> ReadAsync();
}
