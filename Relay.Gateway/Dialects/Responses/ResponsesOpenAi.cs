using System.Buffers;
using Relay.Gateway.Errors;

namespace Relay.Gateway.Dialects.Responses;

/// <summary>
/// OpenAI's <c>POST /v1/responses</c> (https://platform.openai.com/docs/api-reference/responses/create), without its memory: Relay keeps
/// no responses, so what refers to an earlier one is an error. docs/dialects.md is its table.
/// </summary>
internal sealed class ResponsesOpenAi : IClientDialect
{
    private ResponsesEcho _echo = ResponsesEcho.Nothing;

    /// <inheritdoc/>
    public RelayError? ReadRequest(ReadOnlyMemory<byte> body, IBufferWriter<byte> chat, DroppedFields dropped) =>
        ResponsesOpenAiRequest.Read(body, chat, dropped, ref _echo);

    /// <inheritdoc/>
    public void WriteAnswer(ReadOnlyMemory<byte> chat, IBufferWriter<byte> to) => ResponsesOpenAiAnswer.Write(chat.Span, _echo, to);

    /// <inheritdoc/>
    public EventTranslator WriteStream(string model, string requestId) => new ResponsesOpenAiStream(_echo with { Model = model }, requestId);

    /// <inheritdoc/>
    public void WriteError(RelayError error, IBufferWriter<byte> to) => to.Write(ErrorBody.Json(error));
}
