using System.Buffers;
using System.Text;
using System.Text.Json;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>
/// Writes a stream of chunks as a Messages stream: blocks one after the other, each with its start, its pieces and its stop. The end is
/// held until the usage has come, which at OpenAI is after the finish_reason.
/// </summary>
internal sealed class AnthropicOpenAiStream(string model, string requestId) : EventTranslator
{
    /// <summary>The most tool calls of one answer; pieces of further ones are skipped and counted.</summary>
    private const int MaxCalls = 1024;

    private readonly List<Call> _calls = [];
    private AnthropicUsage _usage;
    private Block _open;
    private int _blocks;
    private bool _hasThought;
    private bool _refuses;
    private byte[]? _finish;
    private bool _started;
    private bool _done;

    private enum Block
    {
        None,
        Text,
        Thinking,
        Tool,
    }

    /// <summary>The index of the block that is open.</summary>
    private int Current => _blocks - 1;

    /// <inheritdoc/>
    public override bool Translate(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, IBufferWriter<byte> to)
    {
        if (data.SequenceEqual("[DONE]"u8))
        {
            End(to);
            return true;
        }

        if (!ChatChunk.TryRead(data, ref _usage, out var chunk))
        {
            return false;
        }

        if (_done)
        {
            return true;
        }

        if (chunk.IsError)
        {
            _done = true;
            AnthropicOpenAiEvents.Error(AnthropicOpenAiErrors.TypeOf(chunk.ErrorType, chunk.ErrorCode), chunk.ErrorMessage, to);
            return true;
        }

        Start(chunk, to);
        return Add(chunk, to);
    }

    /// <inheritdoc/>
    public override void Resume(int blocks, bool isTextOpen) => (_started, _blocks, _open) = (true, blocks, isTextOpen ? Block.Text : Block.None);

    /// <inheritdoc/>
    public override void End(IBufferWriter<byte> to)
    {
        if (_done || _finish is null)
        {
            return;
        }

        _done = true;
        Close(to);
        AnthropicOpenAiEvents.MessageEnd(StopReasons.ToStop(_finish, _calls.Count > 0, _refuses), _usage, to);
    }

    private void Start(in ChatChunk chunk, IBufferWriter<byte> to)
    {
        if (_started)
        {
            return;
        }

        _started = true;
        var said = chunk.Model.IsEmpty ? JsonEncodedText.Encode(model).EncodedUtf8Bytes : chunk.Model;
        AnthropicOpenAiEvents.MessageStart(chunk.Id, JsonEncodedText.Encode(requestId).EncodedUtf8Bytes, said, to);
    }

    private bool Add(in ChatChunk chunk, IBufferWriter<byte> to)
    {
        var read = true;
        if (!chunk.Reasoning.IsEmpty)
        {
            Open(Block.Thinking, to);
            _hasThought = true;
            AnthropicOpenAiEvents.Thinking(Current, chunk.Reasoning, to);
        }

        if (!chunk.ThinkingBlocks.IsEmpty)
        {
            read = AddThinkingBlocks(chunk.ThinkingBlocks, to);
        }

        AddText(chunk.Content, to);
        AddText(chunk.Refusal, to);
        _refuses |= !chunk.Refusal.IsEmpty;
        if (!chunk.Calls.IsEmpty)
        {
            read &= AddCalls(chunk.Calls, to);
        }

        if (!chunk.Finish.IsEmpty)
        {
            _finish ??= chunk.Finish.ToArray();
        }

        return read;
    }

    private void AddText(ReadOnlySpan<byte> text, IBufferWriter<byte> to)
    {
        if (!text.IsEmpty)
        {
            Open(Block.Text, to);
            AnthropicOpenAiEvents.Text(Current, text, to);
        }
    }

    /// <summary>A whole block with its signature, after its text has gone out as reasoning. Where it has not, the text is taken from the block.</summary>
    private bool AddThinkingBlocks(ReadOnlySpan<byte> blocks, IBufferWriter<byte> to)
    {
        try
        {
            using var document = JsonDocument.Parse(blocks.ToArray(), JsonFields.Reading);
            foreach (var block in document.RootElement.EnumerateArray())
            {
                AddThinkingBlock(block, to);
            }

            return true;
        }
        catch (InvalidOperationException)
        {
            // A field's name holds half of a surrogate pair.
            return false;
        }
    }

    private void AddThinkingBlock(JsonElement block, IBufferWriter<byte> to)
    {
        if (block.TryGetText("data"u8, out var data))
        {
            Close(to);
            AnthropicOpenAiEvents.RedactedThinking(_blocks, data, to);
            AnthropicOpenAiEvents.BlockStop(_blocks++, to);
            return;
        }

        if (!_hasThought && block.TryGetText("thinking"u8, out var text))
        {
            Open(Block.Thinking, to);
            AnthropicOpenAiEvents.Thinking(Current, text, to);
        }

        if (block.TryGetText("signature"u8, out var signature))
        {
            Open(Block.Thinking, to);
            AnthropicOpenAiEvents.Signature(Current, signature, to);
            AnthropicOpenAiEvents.BlockStop(Current, to);
            _open = Block.None;
            _hasThought = false;
        }
    }

    private bool AddCalls(ReadOnlySpan<byte> calls, IBufferWriter<byte> to)
    {
        var json = new Utf8JsonReader(calls, new JsonReaderOptions { MaxDepth = RequestScanner.MaxDepth });
        json.Read();
        while (ChatCallPiece.TryRead(ref json, out var piece))
        {
            var call = CallOf(piece);
            if (call < 0)
            {
                if (_calls.Count == MaxCalls)
                {
                    return false;
                }

                call = StartCall(piece, to);
            }

            if (!piece.Arguments.IsEmpty)
            {
                AnthropicOpenAiEvents.Input(_calls[call].BlockIndex, piece.Arguments, to);
            }
        }

        return true;
    }

    private int StartCall(in ChatCallPiece piece, IBufferWriter<byte> to)
    {
        Close(to);
        _open = Block.Tool;
        var id = piece.Id.IsEmpty ? Encoding.UTF8.GetBytes($"toolu_{requestId}_{_calls.Count}") : piece.Id.ToArray();
        _calls.Add(new(piece.Index ?? _calls.Count, _blocks++, id, IsGiven: !piece.Id.IsEmpty));
        AnthropicOpenAiEvents.ToolStart(Current, ToolIds.Mend(id), piece.Name, to);
        return _calls.Count - 1;
    }

    /// <summary>
    /// The call that a piece belongs to, or -1 for a new one. Some servers leave out the index, or give every call the same; then another
    /// id is another call.
    /// </summary>
    private int CallOf(in ChatCallPiece piece)
    {
        for (var i = _calls.Count - 1; i >= 0; i--)
        {
            var call = _calls[i];
            if (piece.Index is null || piece.Index == call.Index)
            {
                return piece.Id.IsEmpty || !call.IsGiven || piece.Id.SequenceEqual(call.Id) ? i : -1;
            }
        }

        return -1;
    }

    private void Open(Block kind, IBufferWriter<byte> to)
    {
        if (_open == kind)
        {
            return;
        }

        Close(to);
        _open = kind;
        if (kind == Block.Text)
        {
            AnthropicOpenAiEvents.TextStart(_blocks++, to);
        }
        else
        {
            AnthropicOpenAiEvents.ThinkingStart(_blocks++, to);
        }
    }

    /// <summary>A thinking block is never without a signature, so that it can be told from Anthropic's own when it comes back.</summary>
    private void Close(IBufferWriter<byte> to)
    {
        if (_open == Block.None)
        {
            return;
        }

        if (_open == Block.Thinking)
        {
            AnthropicOpenAiEvents.Signature(Current, default, to);
        }

        AnthropicOpenAiEvents.BlockStop(Current, to);
        _open = Block.None;
    }

    private readonly record struct Call(int Index, int BlockIndex, byte[] Id, bool IsGiven);
}
