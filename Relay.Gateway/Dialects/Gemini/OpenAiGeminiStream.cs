using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Gateway.Dialects.Gemini;

/// <summary>
/// Reads the events of streamGenerateContent as chat.completion.chunk events. Texts are copied as they stand, escapes included; a
/// text event costs no allocation. A stream that ends without a finishReason gets none: it stays as cut as it is.
/// </summary>
internal sealed class OpenAiGeminiStream(UpstreamCall call) : EventTranslator
{
    private readonly GeminiReply _reply = new();
    private readonly List<Choice> _choices = [];
    private readonly UpstreamCall _call = call;

    /// <summary>What every chunk starts with, up to the choice's index.</summary>
    private byte[]? _head;

    private GeminiUsage? _usage;
    private bool _isOver;

    /// <inheritdoc/>
    public override bool Translate(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, IBufferWriter<byte> to)
    {
        if (!_reply.TryRead(data))
        {
            return false;
        }

        _usage = _reply.Usage ?? _usage;
        if (_isOver)
        {
            return true;
        }

        if (_reply.IsError)
        {
            Fail(GeminiError.Read(0, data.ToArray()), to);
        }
        else if (_reply.Candidates.Count == 0 && _reply.BlockReason.IsPresent)
        {
            Fail(GeminiError.Blocked(_reply.BlockReason.Inner(data)), to);
        }

        for (var i = 0; i < _reply.Candidates.Count && !_isOver; i++)
        {
            WriteCandidate(_reply.Candidates[i], data, to);
        }

        return true;
    }

    /// <inheritdoc/>
    public override void End(IBufferWriter<byte> to)
    {
        if (_isOver || _choices.Count == 0 || !_choices.TrueForAll(choice => choice.IsFinished || !choice.IsBegun))
        {
            return;
        }

        if (_usage is { } usage)
        {
            // The head ends in [{"index": ; this chunk has no choices.
            to.Write(_head.AsSpan(0, _head!.Length - ChunkHead.IndexLength));
            to.Write("],\"usage\":"u8);
            using (var json = new Utf8JsonWriter(to))
            {
                usage.Write(json);
            }

            to.Write("}\n\n"u8);
        }

        to.Write("data: [DONE]\n\n"u8);
        _isOver = true;
    }

    private void WriteCandidate(in GeminiCandidate candidate, ReadOnlySpan<byte> data, IBufferWriter<byte> to)
    {
        _head ??= ChunkHead.Write(_reply, _call, data);
        var choice = ChoiceAt(candidate.Index);
        if (!choice.IsBegun)
        {
            choice.IsBegun = true;
            Open(choice, to);
            to.Write("\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}\n\n"u8);
        }

        var logprobs = candidate.Logprobs;
        for (var i = candidate.FirstPart; i < candidate.FirstPart + candidate.PartCount; i++)
        {
            logprobs = WritePart(choice, _reply.Parts[i], logprobs, data, to) ? default : logprobs;
        }

        if (candidate.Finish == GeminiFinish.Failed)
        {
            Fail(GeminiError.Stopped(candidate.FinishReason.Inner(data)), to);
        }
        else if (candidate.Finish != GeminiFinish.None && !choice.IsFinished)
        {
            choice.IsFinished = true;
            Open(choice, to);
            to.Write("},\"finish_reason\":"u8);
            to.Write(GeminiFinishReason.ToOpenAi(candidate.Finish, choice.Calls > 0));
            to.Write("}]}\n\n"u8);
        }
    }

    /// <summary>Writes one part as one chunk; true when it took the logprobs.</summary>
    private bool WritePart(Choice choice, in GeminiPart part, JsonSlice logprobs, ReadOnlySpan<byte> data, IBufferWriter<byte> to)
    {
        if (part.CallName.IsPresent)
        {
            Open(choice, to);
            to.Write("\"tool_calls\":["u8);
            GeminiCall.Write(part, choice.Calls, choice.Calls, _call.RequestId, choice.Index, data, to);
            choice.Calls++;
            to.Write("]},\"finish_reason\":null}]}\n\n"u8);
            return false;
        }

        if (part.Data.IsPresent)
        {
            Open(choice, to);
            GeminiImage.WriteMember(part, data, to);
            to.Write("},\"finish_reason\":null}]}\n\n"u8);
            return false;
        }

        if (part.Text.Length <= 2 && !part.Signature.IsPresent)
        {
            return false;
        }

        Open(choice, to);
        to.Write(part.IsThought ? "\"reasoning_content\":"u8 : "\"content\":"u8);
        to.Write(part.Text.IsPresent ? part.Text.Of(data) : "\"\""u8);
        if (part.Signature.IsPresent)
        {
            to.Write(","u8);
            GeminiSignature.WriteMember(part.Signature.Of(data), to);
        }

        var takes = logprobs.IsPresent && !part.IsThought;
        if (takes)
        {
            to.Write("},\"logprobs\":"u8);
            GeminiLogprobs.Write(logprobs.Of(data), to);
            to.Write(",\"finish_reason\":null}]}\n\n"u8);
        }
        else
        {
            to.Write("},\"finish_reason\":null}]}\n\n"u8);
        }

        return takes;
    }

    private void Fail(in ProviderError error, IBufferWriter<byte> to)
    {
        _isOver = true;
        to.Write("data: "u8);
        GeminiError.WriteHub(error, to);
        to.Write("\n\n"u8);
    }

    /// <summary>Writes a chunk up to the start of its delta's members.</summary>
    private void Open(Choice choice, IBufferWriter<byte> to)
    {
        to.Write(_head);
        var digits = to.GetSpan(2);
        Utf8Formatter.TryFormat(choice.Index, digits, out var written);
        to.Advance(written);
        to.Write(",\"delta\":{"u8);
    }

    private Choice ChoiceAt(int index)
    {
        while (_choices.Count <= index)
        {
            _choices.Add(new Choice(_choices.Count));
        }

        return _choices[index];
    }

    /// <summary>What is known of one choice.</summary>
    private sealed class Choice(int index)
    {
        public int Index => index;

        public bool IsBegun { get; set; }

        public bool IsFinished { get; set; }

        public int Calls { get; set; }
    }
}
