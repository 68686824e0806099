using System.Buffers;
using Relay.Gateway.Dialects.OpenAi;
using Relay.Gateway.Errors;

namespace Relay.Gateway.Dialects.Gemini;

/// <summary>
/// Google's Gemini API: generateContent and streamGenerateContent (https://ai.google.dev/api/generate-content). What is carried over,
/// dropped and refused stands in docs/dialects.md.
/// </summary>
internal sealed class OpenAiGemini : IUpstreamDialect
{
    /// <inheritdoc/>
    public string Path(in UpstreamCall call)
    {
        // tunedModels/x and full resource names say where they are.
        var model = call.UpstreamModel.Contains('/', StringComparison.Ordinal) ? call.UpstreamModel : "models/" + call.UpstreamModel;
        var escaped = string.Join('/', model.Split('/').Select(Uri.EscapeDataString));
        return escaped + (call.Stream ? ":streamGenerateContent?alt=sse" : ":generateContent");
    }

    /// <inheritdoc/>
    public IEnumerable<KeyValuePair<string, string>> Headers(string? apiKey) => apiKey is null ? [] : [new("x-goog-api-key", apiKey)];

    /// <inheritdoc/>
    public RelayError? WriteRequest(ReadOnlyMemory<byte> chat, in UpstreamCall call, IBufferWriter<byte> to, DroppedFields dropped) =>
        OpenAiGeminiRequest.Write(chat, call, to, dropped);

    /// <inheritdoc/>
    public RelayError? ReadAnswer(ReadOnlyMemory<byte> answer, in UpstreamCall call, IBufferWriter<byte> chat) =>
        OpenAiGeminiAnswer.Read(answer, call, chat);

    /// <inheritdoc/>
    public EventTranslator ReadStream(in UpstreamCall call) => new OpenAiGeminiStream(call);

    /// <inheritdoc/>
    public ProviderError ReadError(int status, ReadOnlyMemory<byte> body) => GeminiError.Read(status, body);
}
