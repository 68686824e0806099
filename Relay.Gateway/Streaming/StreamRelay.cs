using System.Buffers;
using System.Globalization;
using System.Numerics;
using Relay.Core.Attempts;
using Relay.Core.Cost;
using Relay.Core.Errors;
using Relay.Gateway.Attempts;
using Relay.Gateway.Config;
using Relay.Gateway.Dialects.OpenAi;
using Relay.Gateway.Errors;
using Relay.Gateway.Upstream;

namespace Relay.Gateway.Streaming;

/// <summary>
/// Relays one stream. Nothing goes to the client before the first generated delta; from then on events go out as they came, in one
/// flush per read, so that a slow client slows the provider. It ends well only with a finish_reason for every choice.
/// <code><![CDATA[
///   read --> frame --> scan --+--> held (role, empty, comments)      before the first delta
///                             +--> written, flushed                  from the first delta on
///                             +--> dropped (broken, unasked usage)
/// ]]></code>
/// </summary>
internal sealed class StreamRelay
{
    private const int FirstBuffer = 16 * 1024;

    private readonly RelayRequest _request;
    private readonly Visit _visit;
    private readonly HttpResponseMessage _response;
    private readonly AttemptClock _clock;
    private readonly TimeProvider _time;
    private readonly LimitOptions _limits;
    private readonly TimeSpan _started;
    private readonly TimeoutOptions _timeouts;
    private readonly ArrayBufferWriter<byte> _held = new(1024);

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    private SseFramer _framer;
    private GapBuffer _gaps;
    private int _filled;
    private bool _committed;
    private bool _done;
    private bool _unflushed;
    private ulong _seen;
    private ulong _finished;
    private long _deltas;
    private int _malformed;
    private Usage? _usage;
    private RelayError? _error;
    private TimeSpan? _firstToken;
    private TimeSpan _lastToken;

    public StreamRelay(
        RelayRequest request, Visit visit, HttpResponseMessage response, AttemptClock clock, TimeProvider time, LimitOptions limits, TimeSpan started)
    {
        _request = request;
        _visit = visit;
        _response = response;
        _clock = clock;
        _time = time;
        _limits = limits;
        _started = started;
        _timeouts = request.Route.Options.Timeouts;
    }

    private string Target => _visit.Target.Name;

    /// <summary>Every choice that was asked for has its finish_reason; where the provider says it is done, every choice that it began.</summary>
    private bool AllFinished =>
        _seen != 0 && _finished == _seen && (_done || BitOperations.PopCount(_finished) >= Math.Min(_request.Scan.Choices, 64));

    /// <summary>Relays until the stream ends, one way or the other.</summary>
    public async ValueTask<AttemptResult> RunAsync()
    {
        try
        {
            if (_response.Content.Headers.ContentType?.MediaType is { } type && !type.Equals("text/event-stream", StringComparison.OrdinalIgnoreCase))
            {
                return AttemptResult.Fail(new(ErrorKind.Malformed, $"{Target} answered a stream request with {type}."), (int)_response.StatusCode);
            }

            await RelayAsync();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // After finish_reason only usage and the end mark can be missing: the answer is whole.
            var stopped = _clock.Cause is StopCause.ClientGone or StopCause.ClientDeadline or StopCause.Total;
            _error = AllFinished && !stopped ? null : UpstreamFault.From(e, _clock, Target, inBody: true);
            CommitWithoutDelta();
        }
        finally
        {
            _gaps.Flush(_visit.Target.State.Meter, _request.Route.Meter);
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        return Result();
    }

    private async ValueTask RelayAsync()
    {
        await using var body = await _response.Content.ReadAsStreamAsync(_clock.Token);
        while (!_done && _error is null)
        {
            var before = Monotonic.Now(_time);
            var read = await body.ReadAsync(_buffer.AsMemory(_filled), _clock.Token);
            _request.Waited += Monotonic.Now(_time) - before;
            _filled += read;
            if (read == 0 && !TerminateLastEvent())
            {
                break;
            }

            HandleEvents();
            await FlushAsync();
            MakeRoom();
        }

        if (!_done && _error is null)
        {
            _done = AllFinished;
        }

        CommitWithoutDelta();
    }

    /// <summary>An answer without any delta is an answer too, such as one whose tokens all went into hidden reasoning.</summary>
    private void CommitWithoutDelta()
    {
        if (!_committed && _error is null && AllFinished)
        {
            Commit();
        }
    }

    private void HandleEvents()
    {
        var buffer = _buffer.AsSpan(0, _filled);
        var run = new Range(0, 0);
        while (_error is null && !_done && _framer.TryRead(buffer, out var found))
        {
            if (!Handle(buffer, found))
            {
                continue;
            }

            if (!_committed)
            {
                Hold(buffer[found.Raw]);
            }
            else if (buffer[found.Raw.End.Value - 1] != (byte)'\n')
            {
                // The event ended in a bare CR, or its LF is still to come and will be dropped: either way this is the same stream.
                WriteRun(buffer, ref run);
                _request.Answer.Write(buffer[found.Raw]);
                _request.Answer.Write("\n"u8);
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
    }

    private void WriteRun(ReadOnlySpan<byte> buffer, ref Range run)
    {
        var bytes = buffer[run];
        if (bytes.Length > 0)
        {
            _request.Answer.Write(bytes);
            _unflushed = true;
            run = new Range(0, 0);
        }
    }

    /// <summary>Judges an event; true when it is part of what the client gets.</summary>
    private bool Handle(ReadOnlySpan<byte> buffer, in SseEvent found)
    {
        if (found.Raw.End.Value - found.Raw.Start.Value > _limits.MaxSseLineBytes)
        {
            _error = TooLong();
            return false;
        }

        if (found.DataLines == 0)
        {
            // Comments keep a connection warm; before the commit there is none to keep warm.
            return _committed;
        }

        var data = SseFramer.JoinData(buffer, found);
        if (data.SequenceEqual("[DONE]"u8))
        {
            _done = true;
            return false;
        }

        var scan = ChunkScanner.Scan(data);
        if (!scan.Valid)
        {
            _malformed++;
            return false;
        }

        if (scan.HasError && !scan.HasChoices)
        {
            _error = ProviderFault.InStream(data.ToArray(), Target);
            return false;
        }

        return Account(scan);
    }

    private bool Account(in ChunkScan scan)
    {
        _seen |= scan.Seen;
        _finished |= scan.Finished;
        _usage = scan.HasUsage ? scan.Usage : _usage;
        if (scan.HasDelta)
        {
            CountToken();
        }

        if (AllFinished)
        {
            _clock.Enter(Phase.FinishGrace, _timeouts.FinishGrace);
        }
        else if (scan.HasDelta)
        {
            _clock.Enter(Phase.Idle, _timeouts.Idle);
        }

        if (!_committed && scan.HasDelta)
        {
            Commit();
        }

        // The usage chunk was asked for by Relay, not by the client.
        return scan.HasChoices || !scan.HasUsage || _request.Scan.IncludeUsage;
    }

    private void CountToken()
    {
        var now = Monotonic.Now(_time);
        if (_deltas++ == 0)
        {
            _firstToken = now - _started;
            _request.FirstToken ??= now - _request.Started;
            if (_visit.Lease.IsHeld)
            {
                _visit.Target.State.ProbeAnswered(_visit.Lease);
            }
        }
        else
        {
            _gaps.Add(now - _lastToken, _visit.Target.State.Meter, _request.Route.Meter);
        }

        _lastToken = now;
    }

    private void Commit()
    {
        _committed = true;
        _request.Answer.BeginStream(_request.HeadFor(_visit.Target, _response, cost: null));
        _request.Answer.Write(_held.WrittenSpan);
        _unflushed = true;
    }

    private void Hold(ReadOnlySpan<byte> raw)
    {
        if (_held.WrittenCount + raw.Length > _limits.MaxSseLineBytes)
        {
            _error = new(ErrorKind.Malformed, $"{Target} sent {_limits.MaxSseLineBytes.ToString(CultureInfo.InvariantCulture)} bytes without a token (limits.maxSseLineBytes).");
            return;
        }

        _held.Write(raw);
        if (raw[^1] != (byte)'\n')
        {
            _held.Write("\n"u8);
        }
    }

    /// <summary>Back-pressure: the next read waits until the client has taken this. The provider's limits rest meanwhile.</summary>
    private async ValueTask FlushAsync()
    {
        if (!_unflushed)
        {
            return;
        }

        _unflushed = false;
        var flush = _request.Answer.FlushAsync(_clock.Token);
        if (flush.IsCompletedSuccessfully)
        {
            return;
        }

        var (phase, limit) = (_clock.Phase, _clock.Limit);
        var before = Monotonic.Now(_time);
        _clock.Pause(Phase.ClientWrite);
        await flush;
        _clock.Enter(phase, limit);
        _request.Waited += Monotonic.Now(_time) - before;
    }

    /// <summary>Some servers leave out the blank line at the end of the body.</summary>
    private bool TerminateLastEvent()
    {
        if (_filled == _framer.Consumed)
        {
            return false;
        }

        if (_buffer.Length - _filled < 2)
        {
            Grow();
        }

        "\n\n"u8.CopyTo(_buffer.AsSpan(_filled));
        _filled += 2;
        HandleEvents();
        _filled = _framer.Consumed;
        return false;
    }

    private void MakeRoom()
    {
        var consumed = _framer.Consumed;
        if (consumed > 0)
        {
            _buffer.AsSpan(consumed, _filled - consumed).CopyTo(_buffer);
            _filled -= consumed;
            _framer.Rebase();
        }

        if (_filled > _limits.MaxSseLineBytes)
        {
            _error ??= TooLong();
        }
        else if (_filled == _buffer.Length)
        {
            Grow();
        }
    }

    private RelayError TooLong() =>
        new(ErrorKind.Malformed, $"{Target} sent an event of over {_limits.MaxSseLineBytes.ToString(CultureInfo.InvariantCulture)} bytes (limits.maxSseLineBytes).");

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private AttemptResult Result()
    {
        var error = _error ?? (AllFinished ? null : new RelayError(ErrorKind.Truncated, $"The stream of {Target} ended without a finish_reason."));
        return new()
        {
            End = error is null ? AttemptEnd.Answered : _committed ? AttemptEnd.Broken : AttemptEnd.Failed,
            Error = error,
            Status = (int)_response.StatusCode,
            Usage = _usage ?? (_deltas > 0 || error is null ? UsageEstimate.FromChunks(_request.Body.Memory.Length, _deltas) : null),
            FirstToken = _firstToken,
            MalformedEvents = _malformed,
        };
    }
}
