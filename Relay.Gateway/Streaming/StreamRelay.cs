using Relay.Core.Attempts;
using Relay.Gateway.Attempts;
using Relay.Gateway.Dialects.OpenAi;
using Relay.Gateway.Errors;
using Relay.Gateway.Rescue;
using Relay.Gateway.Upstream;

namespace Relay.Gateway.Streaming;

/// <summary>
/// Relays one stream. Nothing goes to the client before the first generated delta; from then on events go out as they came, in one
/// flush per read, so that a slow client slows the provider. It ends well only with a finish_reason for every choice.
/// <code><![CDATA[
///   read --> frame --> scan --+--> held (role, empty, comments)      before the first delta
///                             +--> written, flushed                  from the first delta on
///                             +--> dropped (broken, unasked usage)
///                             +--> rewritten (the stream broke before, and this attempt goes on with it)
/// ]]></code>
/// </summary>
internal sealed class StreamRelay(AttemptContext at)
{
    private readonly TimeoutOptions _timeouts = at.Request.Route.Options.Timeouts;
    private readonly HeldEvents _held = new();
    private readonly SentAnswer? _sent = at.Request.Sent;
    private readonly ContinuedStream? _continued = at.Request.IsRescue ? new(at.Request, at.Visit.Target) : null;

    private EventBuffer _events = new();
    private ChunkTemplate _template;
    private StreamTally _tally = new(at.Request.Scan.Choices);
    private TokenTimes _times = new(at);
    private bool _committed;
    private bool _unflushed;
    private bool _diverged;
    private RelayError? _error;

    private string Target => at.Visit.Target.Name;

    /// <summary>Relays until the stream ends, one way or the other.</summary>
    public async ValueTask<AttemptResult> RunAsync()
    {
        try
        {
            if (at.Response.Content.Headers.ContentType?.MediaType is { } type && !type.Equals("text/event-stream", StringComparison.OrdinalIgnoreCase))
            {
                return AttemptResult.Fail(StreamErrors.WrongType(at, type), (int)at.Response.StatusCode);
            }

            await RelayAsync();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // After finish_reason only usage and the end mark can be missing: the answer is whole.
            var stopped = at.Clock.Cause is StopCause.ClientGone or StopCause.ClientDeadline or StopCause.Total || at.Clock.Phase == Phase.ClientWrite;
            _error = _tally.IsFinished && !stopped ? null : UpstreamFault.From(e, at.Clock, Target, inBody: true);
            CommitWithoutDelta();
        }
        finally
        {
            _times.Flush();
            _events.Return();
            _template.Return();
        }

        return Result();
    }

    private async ValueTask RelayAsync()
    {
        await using var body = await at.OpenStreamAsync();
        for (var ended = false; !ended && !_tally.IsDone && _error is null;)
        {
            var before = Monotonic.Now(at.Time);
            var read = await body.ReadAsync(_events.Free, at.Clock.Token);
            at.Request.Waited += Monotonic.Now(at.Time) - before;
            _events.Advance(read);
            ended = read == 0;
            if (ended)
            {
                _events.Terminate();
            }

            HandleEvents(Monotonic.Now(at.Time));
            await FlushAsync();
            _events.MakeRoom();
        }

        CommitWithoutDelta();
    }

    /// <summary>An answer without any delta is an answer too, such as one whose tokens all went into hidden reasoning.</summary>
    private void CommitWithoutDelta()
    {
        if (_continued is null && !_committed && _error is null && _tally.IsFinished)
        {
            Commit();
        }
    }

    private void HandleEvents(TimeSpan now)
    {
        var deltas = _tally.Deltas;
        var buffer = _events.Bytes;
        var run = new Range(0, 0);
        while (_error is null && !_tally.IsDone && _events.TryRead(out var found))
        {
            if (!Handle(buffer, found, now))
            {
                continue;
            }

            if (!_committed)
            {
                _error = _held.TryAdd(buffer[found.Raw], at.Limits.MaxSseLineBytes) ? _error : StreamErrors.HeldTooMuch(at);
            }
            else if (buffer[found.Raw.End.Value - 1] != (byte)'\n')
            {
                // The event ended in a bare CR, or its LF is still to come and will be dropped: either way this is the same stream.
                WriteRun(buffer, ref run);
                at.Request.Answer.Write(buffer[found.Raw]);
                at.Request.Answer.Write("\n"u8);
                _unflushed = true;
            }
            else if (found.Raw.Start.Equals(run.End))
            {
                run = new Range(run.Start, found.Raw.End);
            }
            else
            {
                WriteRun(buffer, ref run);
                run = found.Raw;
            }
        }

        WriteRun(buffer, ref run);
        RestartLimit(deltas);
        if (_events.Open > at.Limits.MaxSseLineBytes)
        {
            _error ??= StreamErrors.TooLong(at);
        }
    }

    private void WriteRun(ReadOnlySpan<byte> buffer, ref Range run)
    {
        var bytes = buffer[run];
        if (bytes.Length > 0)
        {
            at.Request.Answer.Write(bytes);
            _unflushed = true;
            run = new Range(0, 0);
        }
    }

    /// <summary>Judges an event; true when it is part of what the client gets.</summary>
    private bool Handle(ReadOnlySpan<byte> buffer, in SseEvent found, TimeSpan now)
    {
        if (found.Raw.End.Value - found.Raw.Start.Value > at.Limits.MaxSseLineBytes)
        {
            _error = StreamErrors.TooLong(at);
            return false;
        }

        if (found.DataLines == 0)
        {
            // Comments keep a connection warm; before the commit there is none to keep warm.
            return _committed;
        }

        var data = SseFramer.JoinData(buffer, found);
        if (_committed && _template.Matches(data))
        {
            _tally.AddText();
            _times.Count(now);
            _sent?.Append(_template.Content(data));
            return true;
        }

        var scan = at.Scan(buffer, found, data);
        if (scan.IsEnd)
        {
            _tally.IsDone = true;
            return false;
        }

        if (!scan.Valid)
        {
            _tally.Malformed++;
            return false;
        }

        if (scan.HasError && !scan.HasChoices)
        {
            _error = _tally.IsFinished ? null : ProviderFault.InStream(data.ToArray(), Target);
            return false;
        }

        _tally.Add(scan);
        if (scan.HasDelta)
        {
            _times.Count(now);
        }

        if (_continued is not null)
        {
            Continue(data);
            return false;
        }

        _template.Learn(data, scan);
        _sent?.Keep(data, scan);
        return Account(scan);
    }

    private void Continue(ReadOnlySpan<byte> data)
    {
        if (!_continued!.Handle(data))
        {
            _diverged = true;
            _error = StreamErrors.Diverged(at);
        }

        _unflushed |= _continued.HasWritten;
    }

    private bool Account(in ChunkScan scan)
    {
        if (!_committed && scan.HasDelta)
        {
            Commit();
        }

        // The usage chunk was asked for by Relay, not by the client; one that comes before the finish_reason may not be the last.
        return scan.HasChoices || !scan.HasUsage || (at.Request.Scan.IncludeUsage && _sent?.KeepsUsage(_tally.IsFinished) != true);
    }

    /// <summary>Starts the limit that runs until the next read, once for all events of this one.</summary>
    private void RestartLimit(long deltasBefore)
    {
        if (_tally.IsFinished)
        {
            at.Clock.Enter(Phase.FinishGrace, _timeouts.FinishGrace);
        }
        else if (_tally.Deltas != deltasBefore)
        {
            at.Clock.Enter(Phase.Idle, _timeouts.Idle);
        }
    }

    private void Commit()
    {
        _committed = true;
        at.Request.Answer.BeginStream(at.Request.HeadFor(at.Visit.Target, at.Response, cost: null));
        at.Request.Answer.Write(_held.Bytes);
        _unflushed = true;
    }

    /// <summary>Back-pressure: the next read waits until the client has taken this. The provider's limits rest meanwhile.</summary>
    private async ValueTask FlushAsync()
    {
        // The last events go out with the end of the stream, in one send.
        if (!_unflushed || _tally.IsDone)
        {
            return;
        }

        _unflushed = false;
        var flush = at.Request.Answer.FlushAsync(at.Clock.Token);
        if (flush.IsCompletedSuccessfully)
        {
            return;
        }

        var (phase, limit) = (at.Clock.Phase, at.Clock.Limit);
        var before = Monotonic.Now(at.Time);
        at.Clock.Enter(Phase.ClientWrite, at.Limits.ClientStall);
        await flush;
        at.Clock.Enter(phase, limit);
        at.Request.WaitedForClient(Monotonic.Now(at.Time) - before);
    }

    private AttemptResult Result()
    {
        if (_sent is not null)
        {
            _sent.Deltas += _tally.Deltas;
        }

        at.Request.Answer.NoteBlocks(at.Scanner);
        var error = _error ?? (_tally.IsFinished ? null : StreamErrors.Unfinished(at));
        return new()
        {
            End = error is null ? AttemptEnd.Answered : _committed || _diverged || _continued?.HasWritten == true ? AttemptEnd.Broken : AttemptEnd.Failed,
            IsDiverged = _diverged,
            Error = error,
            Status = (int)at.Response.StatusCode,
            Usage = _tally.Usage ?? (_tally.Deltas > 0 || error is null ? UsageEstimate.FromChunks(at.Request.Body.Memory.Length, _tally.Deltas) : null),
            FirstToken = _times.First,
            MalformedEvents = _tally.Malformed,
        };
    }
}
