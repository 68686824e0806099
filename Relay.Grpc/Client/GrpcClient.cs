using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Relay.Core.Errors;
using Relay.Grpc.Framing;

namespace Relay.Grpc.Client;

/// <summary>
/// Calls gRPC methods that answer one message with one or with a stream, over HTTP/2, without TLS where the address is http. For Relay's own
/// tools. Thread-safe.
/// </summary>
public sealed class GrpcClient : IDisposable
{
    /// <summary>The largest message of an answer: 64 MiB.</summary>
    public const int MaxResponseBytes = 64 * 1024 * 1024;

    private readonly HttpMessageInvoker _http;
    private readonly Uri _address;
    private readonly TimeProvider _time;

    /// <summary>Creates it; nothing is connected before the first call.</summary>
    /// <param name="address">The server: <c>http://127.0.0.1:8091</c>.</param>
    /// <param name="time">The clock of deadlines.</param>
    public GrpcClient(Uri address, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(time);
        (_address, _time) = (address, time);
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            EnableMultipleHttp2Connections = true,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            KeepAlivePingDelay = GrpcHosting.PingAfter,
            KeepAlivePingTimeout = GrpcHosting.PingTimeout,
        });
    }

    /// <summary>Asks with one message and gets one.</summary>
    /// <exception cref="GrpcException">The call did not go well.</exception>
    public async Task<TResponse> UnaryAsync<TRequest, TResponse>(
        MethodDescriptor method, TRequest request, GrpcCallOptions? options = null, CancellationToken cancellation = default)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>, new()
    {
        TResponse? only = null;
        await foreach (var response in StreamAsync<TRequest, TResponse>(method, request, options, cancellation))
        {
            only = only is null ? response : throw Unreadable("More than one message came.");
        }

        return only ?? throw Unreadable("No message came.");
    }

    /// <summary>Asks with one message and gets a stream. Leaving the loop cancels the call.</summary>
    /// <exception cref="GrpcException">The call did not go well; what came before it was true.</exception>
    public async IAsyncEnumerable<TResponse> StreamAsync<TRequest, TResponse>(
        MethodDescriptor method, TRequest request, GrpcCallOptions? options = null, [EnumeratorCancellation] CancellationToken cancellation = default)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>, new()
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(request);
        options ??= new();
        using var deadline = options.Timeout is { } timeout ? new CancellationTokenSource(timeout, _time) : new CancellationTokenSource();
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        using var message = ToHttp(method, request, options);
        using var response = await GuardAsync(() => new ValueTask<HttpResponseMessage>(_http.SendAsync(message, both.Token)), deadline, cancellation);
        ClientStatus.ThrowIfRefused(response);

        var body = PipeReader.Create(await response.Content.ReadAsStreamAsync(both.Token));
        var parser = new MessageParser<TResponse>(static () => new TResponse());
        var isGzip = response.Headers.TryGetValues(Encodings.Header, out var encoding) && encoding.Contains(Encodings.Gzip, StringComparer.Ordinal);
        var reader = new FrameReader(body) { IsGzip = isGzip, MaxBytes = MaxResponseBytes };
        while (await GuardAsync(() => reader.ReadAsync(parser, both.Token), deadline, cancellation) is { } next)
        {
            yield return next;
        }

        ClientStatus.ThrowIfFailed(response);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private HttpRequestMessage ToHttp(MethodDescriptor method, IMessage request, GrpcCallOptions options)
    {
        using var body = new PooledBuffer();
        if (options.Gzip)
        {
            FrameWriter.WriteGzip(body, request, minBytes: 0);
        }
        else
        {
            FrameWriter.Write(body, request);
        }

        var message = new HttpRequestMessage(HttpMethod.Post, new Uri(_address, $"/{method.Service.FullName}/{method.Name}"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body.Written.ToArray()),
        };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        message.Headers.TE.ParseAdd("trailers");
        message.Headers.Add(Encodings.AcceptHeader, Encodings.Accepted);
        if (options.Gzip)
        {
            message.Headers.Add(Encodings.Header, Encodings.Gzip);
        }

        if (options.Timeout is { } timeout)
        {
            message.Headers.Add(TimeoutHeader.Name, TimeoutHeader.Format(timeout));
        }

        foreach (var (name, value) in options.Metadata)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }

    /// <summary>Puts what the transport throws into gRPC's words.</summary>
    private async ValueTask<T> GuardAsync<T>(Func<ValueTask<T>> step, CancellationTokenSource deadline, CancellationToken cancellation)
    {
        try
        {
            return await step();
        }
        catch (Exception e) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested && e is OperationCanceledException or IOException or HttpRequestException)
        {
            throw new GrpcException(ErrorKind.ClientDeadline, "The deadline of the call has passed.");
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            throw new GrpcException(ErrorKind.ConnectFailed, $"Nothing answers at {_address}.");
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new GrpcException(ErrorKind.ConnectionReset, $"The connection to {_address} broke.");
        }
        catch (GrpcException e)
        {
            throw Unreadable(e.Status.Message);
        }
    }

    private static GrpcException Unreadable(string why) => new(new GrpcStatus(GrpcStatusCode.Internal, ErrorKind.Malformed, $"The answer cannot be read. {why}"));
}
