using System.Buffers;
using Relay.Gateway.Errors;

namespace Relay.Gateway.Dialects;

/// <summary>
/// What a client speaks, translated to and from OpenAI's chat completions; see <see cref="IUpstreamDialect"/>. One instance serves one
/// request: an answer may repeat what the request said.
/// </summary>
internal interface IClientDialect
{
    /// <summary>Reads the client's request.</summary>
    /// <param name="body">Its body; any bytes.</param>
    /// <param name="chat">Receives a chat completions request. For a stream it asks for usage.</param>
    /// <param name="dropped">Receives the names of fields that cannot be carried over and do not change the meaning.</param>
    /// <returns>Null, or an InvalidRequest error that names the field and the fix.</returns>
    RelayError? ReadRequest(ReadOnlyMemory<byte> body, IBufferWriter<byte> chat, DroppedFields dropped);

    /// <summary>Writes a whole answer.</summary>
    /// <param name="chat">A chat.completion object.</param>
    /// <param name="to">Receives the client's body.</param>
    void WriteAnswer(ReadOnlyMemory<byte> chat, IBufferWriter<byte> to);

    /// <summary>
    /// Writes a stream: chat.completion.chunk events in, the client's events out. <c>[DONE]</c> ends it. An error object becomes the
    /// client's error events, and nothing follows it.
    /// </summary>
    /// <param name="model">The model that the client asked for.</param>
    /// <param name="requestId">For ids.</param>
    EventTranslator WriteStream(string model, string requestId);

    /// <summary>Writes an error body in the client's shape.</summary>
    void WriteError(RelayError error, IBufferWriter<byte> to);
}
