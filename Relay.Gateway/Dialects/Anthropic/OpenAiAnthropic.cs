using System.Buffers;
using Relay.Gateway.Dialects.OpenAi;
using Relay.Gateway.Errors;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>
/// Speaks Anthropic's Messages API (https://platform.claude.com/docs/en/api/messages) for requests in OpenAI's form. What becomes of each
/// field is in docs/dialects.md. Has no state: one serves all calls of a target.
/// </summary>
/// <param name="options">What the target can do; null for the defaults.</param>
internal sealed class OpenAiAnthropic(OpenAiAnthropicOptions? options = null) : IUpstreamDialect
{
    /// <summary>The version of the API that Relay speaks.</summary>
    private const string Version = "2023-06-01";

    private readonly OpenAiAnthropicOptions _options = options ?? new();

    /// <inheritdoc/>
    public string Path(in UpstreamCall call) => "messages";

    /// <inheritdoc/>
    public IEnumerable<KeyValuePair<string, string>> Headers(string? apiKey)
    {
        yield return new("anthropic-version", Version);
        if (apiKey is not null)
        {
            yield return new("x-api-key", apiKey);
        }
    }

    /// <inheritdoc/>
    public RelayError? WriteRequest(ReadOnlyMemory<byte> chat, in UpstreamCall call, IBufferWriter<byte> to, DroppedFields dropped)
    {
        var report = new RequestReport(dropped);
        var upstream = call;
        return Request.Translate(chat, to, report, (root, json) => new OpenAiAnthropicRequest(root, json, report, _options).Write(upstream));
    }

    /// <inheritdoc/>
    public RelayError? ReadAnswer(ReadOnlyMemory<byte> answer, in UpstreamCall call, IBufferWriter<byte> chat) =>
        OpenAiAnthropicAnswer.Read(answer, call, chat);

    /// <inheritdoc/>
    public EventTranslator ReadStream(in UpstreamCall call) => new OpenAiAnthropicStream(call);

    /// <inheritdoc/>
    public ProviderError ReadError(int status, ReadOnlyMemory<byte> body) => OpenAiAnthropicErrors.Read(body);
}
