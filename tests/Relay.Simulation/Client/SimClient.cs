using System.Buffers;
using Relay.Core.Errors;
using Relay.Gateway.Attempts;
using Relay.Gateway.Endpoints;
using Relay.Gateway.Errors;
using Relay.Simulation.Time;
using Relay.Simulation.Tracing;

namespace Relay.Simulation.Client;

/// <summary>How an answer ended, as its client sees it.</summary>
internal enum Outcome : byte
{
    /// <summary>Not yet.</summary>
    None,

    /// <summary>Whole, it seems.</summary>
    Answered,

    /// <summary>An error in place of an answer.</summary>
    Told,

    /// <summary>The answer broke off, and said so.</summary>
    Broken,
}

/// <summary>The client of one request: takes its answer, slowly or not at all, and may leave.</summary>
internal sealed class SimClient : AnswerWriter, IDisposable
{
    private static readonly TimeSpan ServersPatience = TimeSpan.FromMinutes(1);

    private readonly World _world;
    private readonly CancellationTokenSource _gone = new();
    private readonly ArrayBufferWriter<byte> _bytes = new(256);
    private int _unflushed;

    /// <summary>Creates it; it leaves by itself when its patience is over.</summary>
    public SimClient(World world, SimRequest request)
    {
        _world = world;
        Request = request;
        if (request.Patience is { } patience)
        {
            world.Time.After(patience, Leave);
        }
    }

    /// <summary>What it asked.</summary>
    public SimRequest Request { get; }

    /// <inheritdoc/>
    public override CancellationToken Gone => _gone.Token;

    /// <summary>When it left by itself; null: it did not.</summary>
    public TimeSpan? LeftAt { get; private set; }

    /// <summary>It was cut off, since it took nothing.</summary>
    public bool WasCutOff { get; private set; }

    /// <summary>How its answer ended.</summary>
    public Outcome Outcome { get; private set; }

    /// <summary>When.</summary>
    public TimeSpan EndedAt { get; private set; }

    /// <summary>The error that it was told, or null.</summary>
    public RelayError? Error { get; private set; }

    /// <summary>The head of its answer, as it began; null when it did not.</summary>
    public AnswerHead? Head { get; private set; }

    /// <summary>All that it got.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    /// <summary>What was called out of order, or null.</summary>
    public string? Disorder { get; private set; }

    /// <summary>The pipeline is through with it.</summary>
    public bool IsThrough { get; set; }

    /// <inheritdoc/>
    public override async ValueTask SendPlainAsync(AnswerHead head, ReadOnlyMemory<byte> body)
    {
        Begin(head);
        Write(body.Span);
        await TakeAsync(CancellationToken.None);
        End(Outcome.Answered, null, Happening.Answered);
    }

    /// <inheritdoc/>
    public override async ValueTask SendErrorAsync(AnswerHead head, RelayError error)
    {
        Check(!Started, "an error after the answer began");
        Started = true;
        Write((error.Unchanged?.Body ?? ErrorBody.Json(error)).Span);
        await TakeAsync(CancellationToken.None);
        End(Outcome.Told, error, Happening.Told);
    }

    /// <inheritdoc/>
    public override void BeginPlain(AnswerHead head) => Begin(head);

    /// <inheritdoc/>
    public override void BeginStream(AnswerHead head) => Begin(head);

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> bytes)
    {
        _world.Context.IsHere();
        Check(Started && Outcome == Outcome.None, "bytes before the begin or after the end");
        _bytes.Write(bytes);
        _unflushed += bytes.Length;
    }

    /// <inheritdoc/>
    public override ValueTask FlushAsync(CancellationToken cancellation)
    {
        Check(Started && Outcome == Outcome.None, "a flush before the begin or after the end");
        return TakeAsync(cancellation);
    }

    /// <inheritdoc/>
    public override async ValueTask EndStreamAsync(AnswerHead head)
    {
        Write("data: [DONE]\n\n"u8);
        await TakeAsync(CancellationToken.None);
        End(Outcome.Answered, null, Happening.Answered);
    }

    /// <inheritdoc/>
    public override ValueTask BreakAsync(RelayError error)
    {
        Check(Started, "a break before the begin");
        if (error.Kind == ErrorKind.ClientClosed)
        {
            WasCutOff = true;
        }
        else if (Request.Stream && !_gone.IsCancellationRequested)
        {
            Write(ErrorBody.Event(error));
        }

        End(Outcome.Broken, error, Happening.Broken);

        // As the server does: the connection is closed, and the pipeline hears of it.
        throw new BrokenAnswerException();
    }

    /// <summary>The pipeline returns without a fault: that is how a plain answer ends that was too large to be held back.</summary>
    public void Returns()
    {
        if (Started && Outcome == Outcome.None && !Request.Stream)
        {
            End(Outcome.Answered, null, Happening.Answered);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gone.Dispose();

    private void Leave()
    {
        if (Outcome == Outcome.None && !IsThrough)
        {
            LeftAt = _world.Time.Elapsed;
            _world.Tell(Happening.Leaves, Request.Index, Request.Gateway);
            _gone.Cancel();
        }
    }

    private void Begin(AnswerHead head)
    {
        Check(!Started, "begun twice");
        Started = true;
        Head = head;
        _world.Tell(Happening.Begins, Request.Index, Request.Gateway);
    }

    private void End(Outcome outcome, RelayError? error, Happening what)
    {
        Check(Outcome == Outcome.None, "ended twice");
        (Outcome, Error, EndedAt) = (outcome, error, _world.Time.Elapsed);
        _world.Tell(what, Request.Index, Request.Gateway, value: (long)(error?.Kind ?? ErrorKind.None));
    }

    private ValueTask TakeAsync(CancellationToken cancellation)
    {
        _world.Context.IsHere();
        var isStuck = Request.StallsAfter is { } after && _bytes.WrittenCount >= after && !_gone.IsCancellationRequested;
        if (_unflushed == 0 || _gone.IsCancellationRequested || (Request.Sluggishness == TimeSpan.Zero && !isStuck))
        {
            _unflushed = 0;
            return ValueTask.CompletedTask;
        }

        _unflushed = 0;
        return isStuck
            ? Outside.Run((this, cancellation), static s => s.Item1.StickAsync(s.cancellation))
            : Outside.Run((_world.Time, Request.Sluggishness, cancellation), static s => Pause.For(s.Time, s.Sluggishness, s.cancellation));
    }

    private async ValueTask StickAsync(CancellationToken cancellation)
    {
        // The server closes connections that fall below its slowest rate; here after a minute.
        _world.Time.After(ServersPatience, Leave);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _gone.Token);
        try
        {
            await Pause.For(_world.Time, Timeout.InfiniteTimeSpan, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // To a connection that is closed, everything can be written.
        }
    }

    private void Check(bool isRight, string otherwise) => Disorder ??= isRight ? null : otherwise;
}
