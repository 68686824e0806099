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
}

/// <summary>Gives the messages that a client sends.</summary>
/// <typeparam name="T">Their type.</typeparam>
internal interface IGrpcReader<T>
    where T : class, IMessage<T>
{
    /// <summary>The next message; null when the client has sent its last.</summary>
    ValueTask<T?> ReadAsync();
}
