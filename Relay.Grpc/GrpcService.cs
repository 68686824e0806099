using Google.Protobuf;
using Google.Protobuf.Reflection;
using Relay.Grpc.Server;

namespace Relay.Grpc;

/// <summary>
/// A service of a .proto file and the handlers of its methods, each named by hand: no base class is generated and nothing is found by
/// searching types. A method without a handler is answered with UNIMPLEMENTED.
/// </summary>
/// <param name="descriptor">The service, from the generated file descriptor: <c>ChatReflection.Descriptor.FindTypeByName&lt;ServiceDescriptor&gt;("Chat")</c>, or <c>.Services[0]</c>.</param>
public sealed class GrpcService(ServiceDescriptor descriptor)
{
    private readonly List<GrpcMethod> _methods = [];

    /// <summary>The service.</summary>
    public ServiceDescriptor Descriptor { get; } = descriptor ?? throw new ArgumentNullException(nameof(descriptor));

    /// <summary>
    /// What happens around each of its calls, before anything is read of the request: the place to check keys, to count calls and to refuse
    /// one by throwing. It calls the function that it is given, once, to go on. Null: nothing.
    /// </summary>
    public Func<GrpcCall, Func<ValueTask>, ValueTask>? Around { get; init; }

    internal IReadOnlyList<GrpcMethod> Methods => _methods;

    /// <summary>Adds the handler of a method that answers one message with one.</summary>
    /// <param name="method">Its name, without the service's.</param>
    /// <param name="handler">Answers, or throws a <see cref="GrpcException"/>; any other exception is INTERNAL.</param>
    /// <exception cref="ArgumentException">The service has no such method, or not with these types.</exception>
    public GrpcService Unary<TRequest, TResponse>(string method, Func<TRequest, GrpcCall, ValueTask<TResponse>> handler)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        ArgumentNullException.ThrowIfNull(handler);
        var found = Find<TRequest, TResponse>(method, clientStreams: false, serverStreams: false);
        return Add(new UnaryMethod<TRequest, TResponse>(found, Path(found), handler) { Around = Around });
    }

    /// <summary>Adds the handler of a method that answers one message with a stream of them.</summary>
    /// <param name="method">Its name, without the service's.</param>
    /// <param name="handler">Writes its answers; the stream ends when it returns.</param>
    /// <exception cref="ArgumentException">The service has no such method, or not with these types.</exception>
    public GrpcService ServerStream<TRequest, TResponse>(string method, Func<TRequest, IGrpcWriter<TResponse>, GrpcCall, ValueTask> handler)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        ArgumentNullException.ThrowIfNull(handler);
        var found = Find<TRequest, TResponse>(method, clientStreams: false, serverStreams: true);
        return Add(new ServerStreamMethod<TRequest, TResponse>(found, Path(found), handler) { Around = Around });
    }

    /// <summary>Adds the handler of a method in which both sides stream.</summary>
    /// <param name="method">Its name, without the service's.</param>
    /// <param name="handler">Reads and writes.</param>
    /// <param name="alias">The full name of another service under which it answers too, or null.</param>
    internal GrpcService Duplex<TRequest, TResponse>(
        string method, Func<IGrpcReader<TRequest>, IGrpcWriter<TResponse>, GrpcCall, ValueTask> handler, string? alias = null)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        var found = Find<TRequest, TResponse>(method, clientStreams: true, serverStreams: true);
        if (alias is not null)
        {
            Add(new DuplexMethod<TRequest, TResponse>(found, $"/{alias}/{method}", handler) { Around = Around });
        }

        return Add(new DuplexMethod<TRequest, TResponse>(found, Path(found), handler) { Around = Around });
    }

    private GrpcService Add(GrpcMethod method)
    {
        if (_methods.Any(known => known.Path == method.Path))
        {
            throw new ArgumentException($"{method.Path} has a handler already.", nameof(method));
        }

        _methods.Add(method);
        return this;
    }

    private string Path(MethodDescriptor method) => $"/{Descriptor.FullName}/{method.Name}";

    private MethodDescriptor Find<TRequest, TResponse>(string method, bool clientStreams, bool serverStreams)
    {
        var found = Descriptor.FindMethodByName(method) ?? throw new ArgumentException($"{Descriptor.FullName} has no method {method}.", nameof(method));
        var fits = found.InputType.ClrType == typeof(TRequest) && found.OutputType.ClrType == typeof(TResponse)
            && found.IsClientStreaming == clientStreams && found.IsServerStreaming == serverStreams;
        return fits ? found : throw new ArgumentException(
            $"{found.FullName} takes {Shape(found.IsClientStreaming)}{found.InputType.Name} and answers {Shape(found.IsServerStreaming)}{found.OutputType.Name}.", nameof(method));
    }

    private static string Shape(bool streams) => streams ? "a stream of " : "";
}
