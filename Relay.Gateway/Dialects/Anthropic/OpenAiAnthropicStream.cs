using System.Buffers;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>Reads a Messages stream as chunks. Text is copied with its escapes, from event to chunk, so that a piece of text costs one pass and no allocation.</summary>
internal sealed class OpenAiAnthropicStream(UpstreamCall call) : EventTranslator
{
    /// <summary>The most tool calls of one answer; pieces of further ones are skipped and counted.</summary>
    private const int MaxCalls = 1024;

    private readonly OpenAiAnthropicChunks _chunks = new(call);
    private readonly List<Call> _calls = [];
    private ThinkingKeeper? _thinking;
    private AnthropicUsage _usage;
    private int _thinkingBlocks;
    private bool _finished;
    private bool _done;

    /// <inheritdoc/>
    public override bool Translate(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, IBufferWriter<byte> to)
    {
        if (!AnthropicEvent.TryRead(name, data, ref _usage, out var found))
        {
            return false;
        }

        if (_done)
        {
            return true;
        }

        switch (found.Type)
        {
            case AnthropicEventType.MessageStart:
                _chunks.Start(found.Id, found.Name, to);
                return true;
            case AnthropicEventType.BlockDelta:
                return AddDelta(found, to);
            case AnthropicEventType.BlockStart:
                return StartBlock(found, to);
            case AnthropicEventType.BlockStop:
                StopBlock(found.Index, to);
                return true;
            case AnthropicEventType.MessageDelta:
                Finish(found, to);
                return true;
            case AnthropicEventType.MessageStop:
                End(to);
                return true;
            case AnthropicEventType.Error:
                WriteError(found, to);
                return true;
            default:
                return true;
        }
    }

    /// <inheritdoc/>
    public override void End(IBufferWriter<byte> to)
    {
        if (!_finished || _done)
        {
            return;
        }

        _done = true;
        if (_usage.IsKnown)
        {
            _chunks.WriteUsage(_usage, to);
        }

        to.Write("data: [DONE]\n\n"u8);
    }

    private bool AddDelta(in AnthropicEvent found, IBufferWriter<byte> to)
    {
        if (found.Kind.SequenceEqual("text_delta"u8))
        {
            WriteText("content"u8, found.Text, to);
        }
        else if (found.Kind.SequenceEqual("input_json_delta"u8))
        {
            return AddArguments(found, to);
        }
        else if (found.Kind.SequenceEqual("thinking_delta"u8))
        {
            _thinking?.Add(found.Text);
            WriteText("reasoning_content"u8, found.Text, to);
        }
        else if (found.Kind.SequenceEqual("signature_delta"u8))
        {
            _thinking?.Sign(found.Signature);
        }

        return true;
    }

    private bool StartBlock(in AnthropicEvent found, IBufferWriter<byte> to)
    {
        if (found.Kind.SequenceEqual("text"u8))
        {
            WriteText("content"u8, found.Text, to);
        }
        else if (found.Kind.SequenceEqual("thinking"u8))
        {
            _thinking ??= new();
            _thinking.Start(found.Index);
            _thinking.Add(found.Text);
            _thinking.Sign(found.Signature);
            WriteText("reasoning_content"u8, found.Text, to);
        }
        else if (found.Kind.SequenceEqual("redacted_thinking"u8) && !found.Text.IsEmpty)
        {
            _chunks.WriteRedactedThinking(_thinkingBlocks++, found.Text, to);
        }
        else if (found.Kind.SequenceEqual("tool_use"u8))
        {
            return StartCall(found, to);
        }

        return true;
    }

    private bool StartCall(in AnthropicEvent found, IBufferWriter<byte> to)
    {
        if (_calls.Count == MaxCalls)
        {
            return false;
        }

        // The input comes in pieces afterwards; only a server that does otherwise has it here.
        var hasInput = found.Input.Length > 2;
        _calls.Add(new(found.Index, hasInput));
        _chunks.WriteCall(_calls.Count - 1, found.Id, found.Name, hasInput ? found.Input : default, to);
        return true;
    }

    /// <summary>Pieces for a block that is no call belong to a tool that the provider runs itself.</summary>
    private bool AddArguments(in AnthropicEvent found, IBufferWriter<byte> to)
    {
        var known = CallOf(found.Index);
        if (known < 0)
        {
            return _calls.Count < MaxCalls;
        }

        if (!found.Text.IsEmpty)
        {
            _calls[known] = new(found.Index, HasInput: true);
            _chunks.WriteArguments(known, found.Text, to);
        }

        return true;
    }

    private void StopBlock(int index, IBufferWriter<byte> to)
    {
        var known = CallOf(index);
        if (known >= 0 && !_calls[known].HasInput)
        {
            // No input at all is an empty object, and OpenAI's clients parse the arguments.
            _calls[known] = new(index, HasInput: true);
            _chunks.WriteArguments(known, "{}"u8, to);
        }
        else if (_thinking is not null && _thinking.TryTake(index, out var text, out var signature))
        {
            _chunks.WriteThinking(_thinkingBlocks++, text, signature, to);
        }
    }

    private void Finish(in AnthropicEvent found, IBufferWriter<byte> to)
    {
        if (!_finished && !found.StopReason.IsEmpty)
        {
            _finished = true;
            _chunks.WriteFinish(StopReasons.ToFinish(found.StopReason), found.Explanation, to);
        }
    }

    private void WriteText(ReadOnlySpan<byte> field, ReadOnlySpan<byte> text, IBufferWriter<byte> to)
    {
        if (!text.IsEmpty)
        {
            _chunks.WriteText(field, text, to);
        }
    }

    /// <summary>From the end, since pieces are for the newest call.</summary>
    private int CallOf(int index)
    {
        for (var i = _calls.Count - 1; i >= 0; i--)
        {
            if (_calls[i].Block == index)
            {
                return i;
            }
        }

        return -1;
    }

    private static void WriteError(in AnthropicEvent found, IBufferWriter<byte> to)
    {
        to.Write("data: {\"error\":{\"message\":\""u8);
        to.Write(found.Text);
        to.Write("\",\"type\":\""u8);
        to.Write(found.Kind.IsEmpty ? "api_error"u8 : found.Kind);
        to.Write("\",\"param\":null,\"code\":null}}\n\n"u8);
    }

    private readonly record struct Call(int Block, bool HasInput);
}
