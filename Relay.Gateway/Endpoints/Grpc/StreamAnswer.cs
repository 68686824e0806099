using Google.Protobuf.WellKnownTypes;
using Relay.Gateway.Attempts;
using Relay.Gateway.Streaming;
using Relay.Grpc;
using Relay.V1;

namespace Relay.Gateway.Endpoints.Grpc;

/// <summary>
/// The answer of <c>Stream</c>.
/// <code><![CDATA[
///   events --> cut --> typed chunks --> waiting --> flush: all of them in one go
///                         | no choices: its extra goes with the next chunk
///   end ----------------> last chunk: usage, all of relay
/// ]]></code>
/// </summary>
/// <param name="call">The call.</param>
/// <param name="writer">Where the chunks go.</param>
/// <param name="stall">How long the client may take for the end of its answer.</param>
/// <param name="time">The clock.</param>
internal sealed class StreamAnswer(GrpcCall call, IGrpcWriter<ChatChunk> writer, TimeSpan stall, TimeProvider time) : GrpcAnswer(call)
{
    private readonly GrpcCall _call = call;
    private readonly ChatChunkReader _reader = new();
    private readonly List<ChatChunk> _waiting = [];
    private RelayInfo? _first;
    private Struct? _extra;
    private string _id = "";
    private string _model = "";
    private Timestamp? _created;
    private bool _isStuck;

    /// <inheritdoc/>
    public override ValueTask SendPlainAsync(AnswerHead head, ReadOnlyMemory<byte> body) => throw new NotSupportedException("It is a stream.");

    /// <inheritdoc/>
    public override void BeginPlain(AnswerHead head) => throw new NotSupportedException("It is a stream.");

    /// <inheritdoc/>
    public override void BeginStream(AnswerHead head)
    {
        Started = true;
        _first = RelayNotes.First(head);
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> bytes)
    {
        var framer = default(SseFramer);
        while (framer.TryRead(bytes, out var found))
        {
            if (found.DataLines > 0)
            {
                Add(_reader.Read(SseFramer.JoinData(bytes, found)));
            }
        }
    }

    /// <inheritdoc/>
    public override async ValueTask FlushAsync(CancellationToken cancellation)
    {
        if (_waiting.Count == 0 || _isStuck)
        {
            return;
        }

        var writing = writer.WriteAllAsync(_waiting);
        if (!writing.IsCompletedSuccessfully)
        {
            _isStuck = true;
            await WaitAsync(writing.AsTask(), cancellation);
            _isStuck = false;
        }

        _waiting.Clear();
    }

    /// <inheritdoc/>
    public override async ValueTask EndStreamAsync(AnswerHead head)
    {
        var last = new ChatChunk { Usage = RelayNotes.UsageOf(head), Relay = RelayNotes.All(head), Extra = _extra };
        _waiting.Add(Named(last));
        await SendRestAsync();
        IsWhole = !_isStuck;
    }

    /// <inheritdoc/>
    protected override async ValueTask SendRestAsync()
    {
        using var limit = new CancellationTokenSource(stall, time);
        try
        {
            await FlushAsync(limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // It left, or takes nothing: the call ends without this, and not well.
            _isStuck = true;
        }
    }

    /// <summary>
    /// When the call is over (its client left, or its deadline passed), the server takes nothing more from that moment. The attempt's clock
    /// hears of the same and ends the request, saying why; so nothing is to be said here.
    /// </summary>
    private async ValueTask WaitAsync(Task writing, CancellationToken cancellation)
    {
        try
        {
            await writing.WaitAsync(cancellation);
        }
        catch (OperationCanceledException) when (_call.Cancellation.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
        }
        catch (OperationCanceledException) when (!writing.IsCompleted)
        {
            // It ends when the call is reset; nobody asks how.
            _ = writing.ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw;
        }
    }

    private void Add(ChatChunk chunk)
    {
        _id = _id.Length > 0 ? _id : chunk.Id;
        _model = _model.Length > 0 ? _model : chunk.Model;
        _created ??= chunk.Created;
        if (_extra is { } before)
        {
            // What came with a chunk that said nothing of the answer.
            foreach (var (name, value) in chunk.Extra?.Fields ?? [])
            {
                before.Fields[name] = value;
            }

            chunk.Extra = before;
        }

        _extra = chunk.Choices.Count > 0 ? null : chunk.Extra;
        if (chunk.Choices.Count > 0)
        {
            (chunk.Relay, _first) = (_first, null);
            _waiting.Add(Named(chunk));
        }
    }

    private ChatChunk Named(ChatChunk chunk)
    {
        (chunk.Id, chunk.Model, chunk.Created) = (_id, _model, _created);
        return chunk;
    }
}
