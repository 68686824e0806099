using System.IO.Pipelines;

namespace Relay.Simulator;

/// <summary>A chat answer as a stream of events, in any dialect: start, words at their pace, finish, end mark, with faults where the script has them.</summary>
internal sealed class ChatStream : IDisposable
{
    private readonly Exchange _exchange;
    private readonly AnswerPlan _plan;
    private readonly Fault? _fault;
    private readonly PipeWriter _pipe;
    private readonly PooledBytes _pending = new(1024);
    private readonly StreamWriter _writer;
    private readonly int _promptTokens;

    public ChatStream(Exchange exchange, ChatRequest request, AnswerPlan plan)
    {
        _exchange = exchange;
        _plan = plan;
        _fault = exchange.Fault;
        _pipe = exchange.Http.Response.BodyWriter;
        _promptTokens = request.PromptTokens;
        _writer = exchange.Dialect.WriteStream(_pending, exchange, request, plan);
    }

    private CancellationToken Aborted => _exchange.Aborted;

    private bool Coalesce => _exchange.Options.CoalesceChunks;

    public async Task SendAsync()
    {
        if (!await StartAsync() || !await FirstEventsAsync() || !await WordsAsync())
        {
            return;
        }

        Finish();
        await FlushAsync();
    }

    public void Dispose()
    {
        _writer.Dispose();
        _pending.Dispose();
    }

    // False here and below: the fault has ended the answer.
    private async Task<bool> StartAsync()
    {
        if (_fault?.Kind != FaultKind.HeadersThenSilence)
        {
            await _exchange.Pace.WaitAsync(_exchange.Pace.FirstTokenMs(), Aborted);
            _exchange.StartAnswer(200, _writer.ContentType, _promptTokens);
            return true;
        }

        _exchange.StartAnswer(200, _writer.ContentType, _promptTokens);
        await FlushAsync();
        await _exchange.Pace.PauseAsync(_fault.Duration, Aborted);
        return GoesOn(_fault.End);
    }

    private async Task<bool> FirstEventsAsync()
    {
        switch (_fault)
        {
            case { Kind: FaultKind.EmptyChoices }:
                _writer.Empty();
                break;
            case { Kind: FaultKind.ErrorInStreamAfter, Words: 0 }:
                _writer.Error(_exchange.Dialect.Errors.InStream(_fault));
                break;
            default:
                _writer.Start();
                if (!Coalesce)
                {
                    await FlushAsync();
                }

                return _fault?.Kind != FaultKind.RoleOnly || await EndAsync(FaultEnd.Clean);
        }

        return await EndAsync(FaultEnd.Clean);
    }

    private async Task<bool> WordsAsync()
    {
        var total = _plan.Choices.Max(c => c.Count);
        var faultAt = IsAtWords(_fault?.Kind) ? _fault!.Words : int.MaxValue;
        for (var sent = 0; ;)
        {
            if (sent == faultAt)
            {
                faultAt = int.MaxValue;
                if (!await AtWordAsync())
                {
                    return false;
                }
            }

            if (sent == total)
            {
                return true;
            }

            var take = Math.Min(_exchange.Options.WordsPerChunk, Math.Min(total, faultAt) - sent);
            if (sent > 0)
            {
                await PaceAsync(_exchange.Pace.TokensMs(take));
            }

            foreach (var choice in _plan.Choices)
            {
                if (sent < choice.Count)
                {
                    _writer.Words(choice, sent, Math.Min(take, choice.Count - sent));
                }
            }

            sent += take;
            if (!Coalesce || sent == total)
            {
                await FlushAsync();
                _exchange.Entry!.WordsSent = sent;
                _exchange.State.Log.Changed();
            }
        }
    }

    private static bool IsAtWords(FaultKind? kind) => kind is FaultKind.CutAfter or FaultKind.StallAfter
        or FaultKind.MalformedEventAfter or FaultKind.ErrorInStreamAfter or FaultKind.HugeLine;

    private async Task<bool> AtWordAsync()
    {
        _exchange.Faulted = _fault!.Kind != FaultKind.StallAfter;
        switch (_fault.Kind)
        {
            case FaultKind.StallAfter:
                await FlushAsync();
                await _exchange.Pace.PauseAsync(_fault.Duration, Aborted);
                return GoesOn(_fault.End);
            case FaultKind.MalformedEventAfter:
                _writer.Malformed();
                await FlushAsync();
                return true;
            case FaultKind.HugeLine:
                _writer.HugeLine(_fault.Bytes);
                await FlushAsync();
                return true;
            case FaultKind.ErrorInStreamAfter:
                _writer.Error(_exchange.Dialect.Errors.InStream(_fault));
                return await EndAsync(FaultEnd.Clean);
            default:
                return await EndAsync(_fault.End);
        }
    }

    private void Finish()
    {
        _writer.Finish();
        if (_fault?.Kind != FaultKind.NoDone)
        {
            _writer.End();
        }

        _exchange.Faulted |= _fault?.Kind is FaultKind.NoDone or FaultKind.NoFinish or FaultKind.NoUsage or FaultKind.UsageOnChoices or FaultKind.RefusalAfter;
    }

    private async Task<bool> EndAsync(FaultEnd end)
    {
        await FlushAsync();
        return GoesOn(end);
    }

    private bool GoesOn(FaultEnd end)
    {
        if (end == FaultEnd.Continue)
        {
            return true;
        }

        _exchange.Faulted = true;
        if (end == FaultEnd.Abort)
        {
            _exchange.Cut();
        }

        return false;
    }

    private async Task PaceAsync(double ms)
    {
        if (ms <= 0)
        {
            return;
        }

        if (Coalesce)
        {
            await FlushAsync();
        }

        await _exchange.Pace.WaitAsync(ms, Aborted);
    }

    private async ValueTask FlushAsync()
    {
        // One write for all that is pending: an event leaves as one HTTP chunk.
        await (_pending.Length == 0 ? _pipe.FlushAsync(Aborted) : _pipe.WriteAsync(_pending.WrittenMemory, Aborted));
        _pending.Clear();
        Aborted.ThrowIfCancellationRequested();
    }
}
