using System.Buffers;
using Relay.Core.Errors;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Gateway.Dialects.Responses;

/// <summary>Writes a stream of chat.completion.chunk events as the events of a response. The last event repeats the whole output, so all of it is held, up to <see cref="MaxHeldBytes"/>.</summary>
internal sealed class ResponsesOpenAiStream : EventTranslator
{
    /// <summary>The most output that is held for the last event; beyond it the response fails. In bytes of JSON.</summary>
    public const int MaxHeldBytes = 16 * 1024 * 1024;

    private readonly HubReply _reply = new();
    private readonly ResponsesEvents _events = new();
    private readonly ResponsesObject _response;
    private readonly ResponsesOutput _output;
    private HubFinish _finish;
    private bool _isBegun;
    private bool _isOver;

    /// <summary>Starts a stream.</summary>
    /// <param name="echo">What the response repeats of its request.</param>
    /// <param name="requestId">For its ids.</param>
    public ResponsesOpenAiStream(ResponsesEcho echo, string requestId)
    {
        _response = new ResponsesObject(echo, ResponsesObject.SuffixOf(requestId));
        _output = new ResponsesOutput(_response, _events);
    }

    /// <inheritdoc/>
    public override bool Translate(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, IBufferWriter<byte> to)
    {
        if (data.SequenceEqual("[DONE]"u8))
        {
            End(to);
            return true;
        }

        if (!_reply.TryRead(data))
        {
            return false;
        }

        if (_isOver)
        {
            return true;
        }

        _events.To = to;
        Begin();
        if (_reply.IsError)
        {
            var said = ProviderError.Read(data.ToArray());
            Fail(said.Classify(200), said.Code, said.Message ?? "The provider failed without saying why.");
            return true;
        }

        _response.Usage = _reply.Usage ?? _response.Usage;
        _output.Add(_reply, data);
        _finish = _reply.Finish == HubFinish.None ? _finish : _reply.Finish;
        if (_output.Held > MaxHeldBytes)
        {
            Fail(ErrorKind.Malformed, "response_too_large", "The response is over 16 MiB, more than Relay holds for its last event. Use /v1/chat/completions for answers of this length.");
        }

        return true;
    }

    /// <inheritdoc/>
    public override void End(IBufferWriter<byte> to)
    {
        if (_isOver || _finish == HubFinish.None)
        {
            return;
        }

        _isOver = true;
        _events.To = to;
        var isCut = _finish is HubFinish.Length or HubFinish.Filtered;
        _output.Close(isCut);
        var end = new ResponsesEnd(_finish, default);
        if (isCut)
        {
            _events.Response("response.incomplete"u8, _response, "incomplete"u8, end);
        }
        else
        {
            _events.Response("response.completed"u8, _response, "completed"u8, end);
        }
    }

    private void Begin()
    {
        if (_isBegun)
        {
            return;
        }

        _isBegun = true;
        _response.Created = _reply.Created;
        _events.Response("response.created"u8, _response, "in_progress"u8, default);
        _events.Response("response.in_progress"u8, _response, "in_progress"u8, default);
    }

    private void Fail(ErrorKind kind, string? code, string message)
    {
        _isOver = true;
        _output.Break();
        _events.Error(ResponsesError.Members(code, message));
        _events.Response("response.failed"u8, _response, "failed"u8, new ResponsesEnd(HubFinish.None, ResponsesError.Object(kind, message)));
    }
}
