using System.Buffers;
using Relay.Gateway.Config;
using Relay.Gateway.Dialects.Anthropic;
using Relay.Gateway.Dialects.OpenAi;
using Relay.Gateway.Dialects.Responses;
using Relay.Gateway.Errors;

namespace Relay.Gateway.Dialects;

/// <summary>A form of requests and answers other than OpenAI's chat completions that clients may use.</summary>
/// <param name="Path">Its endpoint.</param>
/// <param name="Label">The endpoint's name in records and metrics.</param>
/// <param name="Create">Makes what translates it; one instance serves one request.</param>
/// <param name="Same">The providers' dialect that is the same: requests to such a provider pass through as they came. Null: none is.</param>
/// <param name="LastEvent">Ends a stream that passes through; empty where none does.</param>
internal sealed record ClientForm(string Path, string Label, Func<IClientDialect> Create, Dialect? Same, ReadOnlyMemory<byte> LastEvent)
{
    /// <summary>Translates it, for one request; for errors without a request, any.</summary>
    public IClientDialect Dialect { get; private init; } = Create();

    /// <summary>This form for one request.</summary>
    public ClientForm ForRequest() => this with { Dialect = Create() };

    /// <summary>All of them.</summary>
    public static ClientForm[] All { get; } =
    [
        new("/v1/responses", "responses", static () => new ResponsesOpenAi(), null, default),
        new("/v1/messages", "messages", static () => new AnthropicOpenAi(), Config.Dialect.Anthropic, "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"u8.ToArray()),
    ];

    /// <summary>Reads of a request what routing needs.</summary>
    public RequestScan? Scan(ReadOnlyMemory<byte> body, DroppedFields dropped, out ChatForm? chat, out RelayError? error)
    {
        chat = null;
        if (Same is not null)
        {
            // It may pass through, so that it is translated only when it has to be. Its streams always tell the usage.
            var scan = RequestScanner.ScanChat(body.Span, out error);
            if (scan is not null)
            {
                scan.IncludeUsage = true;
            }

            return scan;
        }

        chat = ChatForm.Of(this, body, dropped, out error);
        return chat?.Scan;
    }
}

/// <summary>A request as a chat completions request, which is the form that targets of every dialect understand.</summary>
/// <param name="Body">Its body.</param>
/// <param name="Scan">What the scan found in that body.</param>
internal sealed record ChatForm(ReadOnlyMemory<byte> Body, RequestScan Scan)
{
    /// <summary>Translates a client's body.</summary>
    /// <param name="form">The client's form.</param>
    /// <param name="body">Its body.</param>
    /// <param name="dropped">Receives what cannot be carried over.</param>
    /// <param name="error">Why it cannot be; otherwise null.</param>
    public static ChatForm? Of(ClientForm form, ReadOnlyMemory<byte> body, DroppedFields dropped, out RelayError? error)
    {
        var chat = new ArrayBufferWriter<byte>(body.Length + 256);
        error = form.Dialect.ReadRequest(body, chat, dropped);
        if (error is not null)
        {
            return null;
        }

        var scan = RequestScanner.ScanChat(chat.WrittenSpan, out error);
        return scan is null ? null : new(chat.WrittenMemory, scan);
    }
}
