using System.Buffers;
using System.Text.Json;
using Relay.Gateway.Errors;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>
/// Serves clients of Anthropic's Messages API (https://platform.claude.com/docs/en/api/messages) from targets that speak something else.
/// What becomes of each field is in docs/dialects.md. Has no state.
/// </summary>
internal sealed class AnthropicOpenAi : IClientDialect
{
    /// <inheritdoc/>
    public RelayError? ReadRequest(ReadOnlyMemory<byte> body, IBufferWriter<byte> chat, DroppedFields dropped)
    {
        var report = new RequestReport(dropped);
        return Request.Translate(body, chat, report, (root, json) => new AnthropicOpenAiRequest(root, json, report).Write());
    }

    /// <inheritdoc/>
    public void WriteAnswer(ReadOnlyMemory<byte> chat, IBufferWriter<byte> to) => AnthropicOpenAiAnswer.Write(chat, to);

    /// <inheritdoc/>
    public EventTranslator WriteStream(string model, string requestId) => new AnthropicOpenAiStream(model, requestId);

    /// <inheritdoc/>
    public void WriteError(RelayError error, IBufferWriter<byte> to)
    {
        using var json = new Utf8JsonWriter(to, JsonFields.Writing);
        AnthropicOpenAiErrors.Write(json, AnthropicOpenAiErrors.TypeOf(error.Kind), AnthropicOpenAiErrors.MessageOf(error));
    }
}
