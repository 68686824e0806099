using System.IO.Pipelines;

namespace Relay.Simulator;

/// <summary>A chat answer as a stream of events: role chunks, words, finish chunks, usage, [DONE], with faults where the script has them.</summary>
internal sealed class ChatStream : IDisposable
{
    private readonly Exchange _exchange;
    private readonly AnswerPlan _plan;
    private readonly Fault? _fault;
    private readonly PipeWriter _pipe;
    private readonly PooledBytes _pending = new(1024);
    private readonly bool _usageChunk;
    private readonly int _promptTokens;
    private readonly string _model;

    public ChatStream(Exchange exchange, ChatRequest request, AnswerPlan plan)
    {
        _exchange = exchange;
        _plan = plan;
        _fault = exchange.Fault;
        _pipe = exchange.Http.Response.BodyWriter;
        _model = request.Model;
        _promptTokens = request.PromptTokens;
        _usageChunk = request.IncludeUsage && _fault?.Kind is not (FaultKind.NoUsage or FaultKind.UsageOnChoices);
    }

    private CancellationToken Aborted => _exchange.Aborted;

    private bool Coalesce => _exchange.Options.CoalesceChunks;

    public async Task SendAsync()
    {
        using var chunks = new ChunkWriter(_pending, _exchange, _model, _usageChunk);
        if (!await StartAsync() || !await FirstEventsAsync(chunks) || !await WordsAsync(chunks))
        {
            return;
        }

        Finish(chunks);
        await FlushAsync();
    }

    public void Dispose() => _pending.Dispose();

    // False here and below: the fault has ended the answer.
    private async Task<bool> StartAsync()
    {
        if (_fault?.Kind != FaultKind.HeadersThenSilence)
        {
            await _exchange.Pace.WaitAsync(_exchange.Pace.FirstTokenMs(), Aborted);
            _exchange.StartAnswer(200, "text/event-stream; charset=utf-8", _promptTokens);
            return true;
        }

        _exchange.StartAnswer(200, "text/event-stream; charset=utf-8", _promptTokens);
        await FlushAsync();
        await _exchange.Pace.PauseAsync(_fault.Duration, Aborted);
        return GoesOn(_fault.End);
    }

    private async Task<bool> FirstEventsAsync(ChunkWriter chunks)
    {
        switch (_fault)
        {
            case { Kind: FaultKind.EmptyChoices }:
                chunks.NoChoices(null);
                chunks.Done();
                break;
            case { Kind: FaultKind.ErrorInStreamAfter, Words: 0 }:
                chunks.Error(ApiError.For(_fault));
                break;
            default:
                foreach (var choice in _plan.Choices)
                {
                    chunks.Role(choice);
                }

                if (!Coalesce)
                {
                    await FlushAsync();
                }

                return _fault?.Kind != FaultKind.RoleOnly || await EndAsync(FaultEnd.Clean);
        }

        return await EndAsync(FaultEnd.Clean);
    }

    private async Task<bool> WordsAsync(ChunkWriter chunks)
    {
        var total = _plan.Choices.Max(c => c.Count);
        var faultAt = IsAtWords(_fault?.Kind) ? _fault!.Words : int.MaxValue;
        for (var sent = 0; ;)
        {
            if (sent == faultAt)
            {
                faultAt = int.MaxValue;
                if (!await AtWordAsync(chunks))
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
                    chunks.Words(choice, sent, Math.Min(take, choice.Count - sent));
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

    private async Task<bool> AtWordAsync(ChunkWriter chunks)
    {
        _exchange.Faulted = _fault!.Kind != FaultKind.StallAfter;
        switch (_fault.Kind)
        {
            case FaultKind.StallAfter:
                await FlushAsync();
                await _exchange.Pace.PauseAsync(_fault.Duration, Aborted);
                return GoesOn(_fault.End);
            case FaultKind.MalformedEventAfter:
                chunks.Malformed();
                await FlushAsync();
                return true;
            case FaultKind.HugeLine:
                chunks.HugeLine(_fault.Bytes);
                await FlushAsync();
                return true;
            case FaultKind.ErrorInStreamAfter:
                chunks.Error(ApiError.For(_fault));
                return await EndAsync(FaultEnd.Clean);
            default:
                return await EndAsync(_fault.End);
        }
    }

    private void Finish(ChunkWriter chunks)
    {
        var last = _plan.Choices[^1];
        foreach (var choice in _plan.Choices)
        {
            chunks.Finish(choice, _fault?.Kind == FaultKind.UsageOnChoices && choice == last ? _plan.Usage : null);
        }

        if (_usageChunk)
        {
            chunks.NoChoices(_plan.Usage);
        }

        if (_fault?.Kind == FaultKind.NoDone)
        {
            _exchange.Faulted = true;
        }
        else
        {
            chunks.Done();
        }

        _exchange.Faulted |= _fault?.Kind is FaultKind.NoUsage or FaultKind.UsageOnChoices;
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
