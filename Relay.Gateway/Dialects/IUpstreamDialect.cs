using System.Buffers;
using Relay.Gateway.Errors;

namespace Relay.Gateway.Dialects;

/// <summary>
/// What a provider speaks, translated from and to OpenAI's chat completions, which is the form that everything inside Relay has.
/// <code><![CDATA[
///   client's dialect --IClientDialect--> chat completions --IUpstreamDialect--> provider's dialect
///                    <------------------                  <--------------------
/// ]]></code>
/// Beyond OpenAI's own fields that form knows: <c>reasoning_content</c> (string, on messages and deltas) for shown reasoning;
/// <c>thinking_blocks</c> (array, on messages and deltas) for Anthropic's blocks with their signatures;
/// <c>usage.prompt_tokens_details.cache_write_5m_tokens</c> and <c>cache_write_1h_tokens</c>, both part of prompt_tokens;
/// <c>top_k</c>; <c>cache_control</c> (Anthropic's, on parts, messages and tools) and <c>is_error</c> (on tool messages) when a client sends them.
/// In a stream the text of reasoning comes in pieces of <c>reasoning_content</c>; each block then comes once, whole, with an index of its own.
/// <see cref="OpenAi.PlainChat"/> takes the extensions out for a provider that knows OpenAI's fields alone.
/// </summary>
/// <remarks>
/// Also: <c>extra_content</c> (object, on messages, deltas and tool calls) for what a provider wants back with them, as Gemini its thought
/// signatures; <c>images</c> (array of image_url parts, on messages and deltas) for images that a model made.
/// </remarks>
internal interface IUpstreamDialect
{
    /// <summary>The path and query below the provider's base URL, without a leading slash.</summary>
    string Path(in UpstreamCall call);

    /// <summary>Headers that every request has, the credential's among them.</summary>
    /// <param name="apiKey">The credential, or null.</param>
    IEnumerable<KeyValuePair<string, string>> Headers(string? apiKey);

    /// <summary>Writes the provider's request.</summary>
    /// <param name="chat">A chat completions request, already checked to be a JSON object with messages.</param>
    /// <param name="call">What else is known of it.</param>
    /// <param name="to">Receives the provider's body.</param>
    /// <param name="dropped">Receives the names of fields that the provider cannot honour and that do not change the meaning.</param>
    /// <returns>Null, or why the request means something else there: the attempt fails over.</returns>
    RelayError? WriteRequest(ReadOnlyMemory<byte> chat, in UpstreamCall call, IBufferWriter<byte> to, DroppedFields dropped);

    /// <summary>Reads a whole 200 answer.</summary>
    /// <param name="answer">The provider's body.</param>
    /// <param name="call">The call it answers.</param>
    /// <param name="chat">Receives a chat.completion object.</param>
    /// <returns>Null, or a Malformed or provider error.</returns>
    RelayError? ReadAnswer(ReadOnlyMemory<byte> answer, in UpstreamCall call, IBufferWriter<byte> chat);

    /// <summary>Reads a stream of the provider's events as chat.completion.chunk events.</summary>
    EventTranslator ReadStream(in UpstreamCall call);

    /// <summary>Reads the body of an answer that is no success, as OpenAI's error object: message, type, code.</summary>
    OpenAi.ProviderError ReadError(int status, ReadOnlyMemory<byte> body);
}

/// <summary>One call of a provider.</summary>
/// <param name="UpstreamModel">The model's name there.</param>
/// <param name="Stream">The answer is to be a stream.</param>
/// <param name="RequestId">For ids of answers that have none: <c>chatcmpl-</c> and this.</param>
/// <param name="Created">Unix seconds, for answers that do not say.</param>
internal readonly record struct UpstreamCall(string UpstreamModel, bool Stream, string RequestId, long Created);
