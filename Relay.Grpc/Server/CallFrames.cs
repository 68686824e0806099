using System.Buffers;
using System.Collections.Immutable;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Relay.Grpc.Framing;

namespace Relay.Grpc.Server;

/// <summary>The messages of one call, in and out.</summary>
internal sealed class CallFrames
{
    private const int PieceBytes = 32 * 1024;

    private readonly HttpResponse _response;
    private readonly FrameReader _reader;
    private readonly bool _answersInGzip;
    private readonly int _minGzipBytes;
    private int _isWriting;

    public CallFrames(HttpContext http, GrpcOptions options, bool isGzip)
    {
        _response = http.Response;
        _reader = new FrameReader(http.Request.BodyReader) { IsGzip = isGzip, MaxBytes = options.MaxRequestBytes };

        // A client that takes the trouble to compress wants it in return; for others it would only cost time.
        AcceptsGzip = Encodings.AcceptsGzip(http.Request.Headers[Encodings.AcceptHeader]);
        _answersInGzip = isGzip && AcceptsGzip;
        _minGzipBytes = options.MinGzipBytes;
    }

    public int MaxRequestBytes
    {
        get => _reader.MaxBytes;
        set => _reader.MaxBytes = value;
    }

    /// <summary>The client reads messages in gzip.</summary>
    public bool AcceptsGzip { get; }

    /// <summary>Cancelled when nobody waits for the answer any more.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Something that was written may not have left: the client took it too slowly, and then the call was over.</summary>
    public bool IsStuck { get; private set; }

    /// <summary>The next message; null when the client has sent its last.</summary>
    public ValueTask<T?> ReadAsync<T>(MessageParser<T> parser)
        where T : class, IMessage<T> => _reader.ReadAsync(parser, Cancellation);

    /// <summary>The one message of a method that takes one.</summary>
    public async ValueTask<T> ReadOnlyOneAsync<T>(MessageParser<T> parser)
        where T : class, IMessage<T>
    {
        var message = await _reader.ReadAsync(parser, Cancellation) ?? throw ProtocolError.NotOneMessage("none");
        return await _reader.IsAtEndAsync(Cancellation) ? message : throw ProtocolError.NotOneMessage("more than one");
    }

    /// <summary>Sends the headers.</summary>
    public async ValueTask SendHeadersAsync()
    {
        if (!_response.HasStarted)
        {
            Start();
            await _response.StartAsync(Cancellation);
            await FlushAsync();
        }
    }

    /// <summary>Writes the one answer, which leaves together with the status.</summary>
    public async ValueTask WriteLastAsync(IMessage message)
    {
        Cancellation.ThrowIfCancellationRequested();
        await BeginAsync();
        Write(message);
    }

    /// <summary>Writes a message and waits until the client has room for more.</summary>
    public async ValueTask WriteAsync(IMessage message)
    {
        Enter();
        try
        {
            await BeginAsync();
            Write(message);
            await FlushAsync();
        }
        finally
        {
            Volatile.Write(ref _isWriting, 0);
        }
    }

    /// <summary>Writes a message that is serialized and waits until the client has room for more.</summary>
    /// <param name="parts">Its bytes.</param>
    /// <param name="isGzip">They are in gzip.</param>
    public async ValueTask WriteSerializedAsync(ImmutableArray<ReadOnlyMemory<byte>> parts, bool isGzip)
    {
        Enter();
        try
        {
            if (isGzip)
            {
                TellOfGzip();
            }

            await BeginAsync();
            await WritePiecesAsync(parts, isGzip);
            await FlushAsync();
        }
        finally
        {
            Volatile.Write(ref _isWriting, 0);
        }
    }

    /// <summary>Writes messages in one go and waits until the client has room for more.</summary>
    public async ValueTask WriteAllAsync(IReadOnlyList<IMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        Enter();
        try
        {
            await BeginAsync();
            for (var i = 0; i < messages.Count; i++)
            {
                Write(messages[i]);
            }

            await FlushAsync();
        }
        finally
        {
            Volatile.Write(ref _isWriting, 0);
        }
    }

    /// <summary>One write at a time.</summary>
    private void Enter()
    {
        Cancellation.ThrowIfCancellationRequested();
        if (Interlocked.Exchange(ref _isWriting, 1) != 0)
        {
            throw new InvalidOperationException("Another write is under way.");
        }
    }

    /// <summary>Messages may be in gzip only where both sides said so.</summary>
    private void TellOfGzip()
    {
        if (!AcceptsGzip)
        {
            throw new InvalidOperationException("The client does not say that it reads messages in gzip.");
        }

        if (!_response.HasStarted)
        {
            _response.Headers[Encodings.Header] = Encodings.Gzip;
        }
        else if (!_response.Headers.ContainsKey(Encodings.Header))
        {
            throw new InvalidOperationException("The headers are sent already, and do not say that messages may be in gzip.");
        }
    }

    private void Start()
    {
        if (_answersInGzip)
        {
            _response.Headers[Encodings.Header] = Encodings.Gzip;
        }
    }

    /// <summary>The server's buffer may be asked for only after the start.</summary>
    private async ValueTask BeginAsync()
    {
        if (!_response.HasStarted)
        {
            Start();
            await _response.StartAsync(Cancellation);
        }
    }

    private void Write(IMessage message)
    {
        if (_answersInGzip)
        {
            FrameWriter.WriteGzip(_response.BodyWriter, message, _minGzipBytes);
        }
        else
        {
            FrameWriter.Write(_response.BodyWriter, message);
        }
    }

    /// <summary>Piece by piece: while a client is slow, what it has not taken stays where it is shared.</summary>
    private async ValueTask WritePiecesAsync(ImmutableArray<ReadOnlyMemory<byte>> parts, bool isGzip)
    {
        FrameWriter.WriteHead(_response.BodyWriter, isGzip, parts.Sum(static part => part.Length));
        var unsent = 0;
        foreach (var part in parts)
        {
            for (var rest = part; rest.Length > 0;)
            {
                var piece = rest[..Math.Min(rest.Length, PieceBytes - unsent)];
                rest = rest[piece.Length..];
                _response.BodyWriter.Write(piece.Span);
                unsent += piece.Length;
                if (unsent == PieceBytes)
                {
                    await FlushAsync(isWhole: false);
                    unsent = 0;
                }
            }
        }
    }

    private async ValueTask FlushAsync(bool isWhole = true)
    {
        // Not with the token: the server would answer its cancellation by resetting the stream as an internal error.
        IsStuck = true;
        var flushing = _response.BodyWriter.FlushAsync(CancellationToken.None);
        if (flushing.IsCompletedSuccessfully)
        {
            _ = flushing.Result;
        }
        else
        {
            await flushing.AsTask().WaitAsync(Cancellation);
        }

        // A message that was begun and not ended must not be followed by a status.
        IsStuck = !isWhole;

        // After a reset the server takes bytes and drops them.
        Cancellation.ThrowIfCancellationRequested();
    }
}
