using System.Buffers;
using Relay.Gateway.Attempts;
using Relay.Gateway.Config;
using Relay.Gateway.Dialects;
using Relay.Gateway.Dialects.Anthropic;
using Relay.Gateway.Dialects.OpenAi;
using Relay.Gateway.Errors;
using Relay.Gateway.Rescue;
using Relay.Gateway.Routing;

namespace Relay.Gateway.Upstream;

/// <summary>
/// The body of one attempt.
/// <code><![CDATA[
///   client and provider speak the same: the client's bytes, with the model's name (and forced usage) spliced in
///   otherwise:  client's body --> chat form --> (rescue: the sent text behind it) --> the provider's form
/// ]]></code>
/// </summary>
internal static class UpstreamBody
{
    /// <summary>The client's bytes are the provider's form: nothing is translated, on the way there and back.</summary>
    public static bool PassesThrough(RelayRequest request, UpstreamTarget target) =>
        request.Form is null ? target.Wire.Dialect is null : request.Form.Same == target.Wire.Speaks && !request.IsRescue;

    /// <summary>Makes it; null with an error when the request cannot be said in the provider's form.</summary>
    public static HttpContent? Create(RelayRequest request, UpstreamTarget target, Timing timing, out RelayError? error)
    {
        error = null;
        var adapted = Adapt(request, target);
        if (adapted is null && PassesThrough(request, target) && !request.IsRescue)
        {
            return new SplicedContent(request.Body, new RequestSplice(request.Body.Memory, request.Scan, target.ModelJson), timing);
        }

        if (PassesThrough(request, target) && !request.IsRescue)
        {
            return new WholeContent(ForOpenAi(adapted!, target, passes: true), timing);
        }

        if (request.TryGetChat(out error) is not { } chat)
        {
            return null;
        }

        chat = Plain(request, chat, target);
        chat = Adapt(chat, target) ?? chat;
        var body = request.IsRescue ? RescueBody.Build(request, chat, target) : ForOpenAi(chat, target);
        if (target.Wire.Dialect is not { } dialect)
        {
            return new WholeContent(body, timing);
        }

        var translated = new ArrayBufferWriter<byte>(body.Length + 256);
        error = dialect.WriteRequest(body, CallOf(request, target), translated, request.Dropped);
        return error is null ? new WholeContent(translated.WrittenMemory, timing) : null;
    }

    /// <summary>What a dialect is told of a call.</summary>
    public static UpstreamCall CallOf(RelayRequest request, UpstreamTarget target) =>
        new(target.Options.UpstreamModel, request.Scan.Stream, request.Id, request.StartedAt.ToUnixTimeSeconds());

    /// <summary>The client's own body with the target's rules applied; null where it stays as it is or is translated.</summary>
    private static ChatForm? Adapt(RelayRequest request, UpstreamTarget target)
    {
        if (!PassesThrough(request, target) || request.IsRescue || request.Endpoint == EndpointKind.Embeddings)
        {
            return null;
        }

        // Anthropic refuses thinking that it has not signed, such as that of another model in an earlier turn.
        var own = request.Form?.Same == Dialect.Anthropic && RelaySignature.TryStrip(request.Body.Memory, out var stripped)
            ? Rescan(stripped, request.Scan)
            : null;
        return target.Parameters is null || request.Endpoint != EndpointKind.Chat ? own
            : Adapt(own ?? new ChatForm(request.Body.Memory, request.Scan), target) ?? own;
    }

    private static ChatForm Rescan(ReadOnlyMemory<byte> body, RequestScan before)
    {
        var scan = RequestScanner.ScanChat(body.Span, out _)!;
        scan.IncludeUsage |= before.IncludeUsage;
        return new(body, scan);
    }

    /// <summary>A request that came in another form may say more than OpenAI's servers know.</summary>
    private static ChatForm Plain(RelayRequest request, ChatForm chat, UpstreamTarget target)
    {
        if (request.Form is null || target.Wire.Dialect is not null)
        {
            return chat;
        }

        var plain = new ArrayBufferWriter<byte>(chat.Body.Length);
        PlainChat.Write(chat.Body, plain, request.Dropped);
        return new(plain.WrittenMemory, RequestScanner.ScanChat(plain.WrittenSpan, out _)!);
    }

    private static ChatForm? Adapt(ChatForm chat, UpstreamTarget target)
    {
        if (target.Parameters is not { } rules || !(chat.Scan.HasOptions || rules.IsUnconditional) || rules.Apply(chat.Body.Span) is not { } adapted)
        {
            return null;
        }

        return Rescan(adapted, chat.Scan);
    }

    private static ReadOnlyMemory<byte> ForOpenAi(ChatForm chat, UpstreamTarget target, bool passes = false)
    {
        if (target.Wire.Dialect is not null && !passes)
        {
            return chat.Body;
        }

        var edits = new List<BodyEdit>(2);
        RequestSplice.AddEdits(chat.Scan, target.ModelJson, edits);
        return BodyEdit.Apply(chat.Body, edits);
    }
}

/// <summary>How the writing of a body moves an attempt's clock.</summary>
/// <param name="Clock">The attempt's clock.</param>
/// <param name="WriteLimit">How long the writing may take.</param>
/// <param name="Next">The phase after the writing.</param>
/// <param name="NextLimit">Its limit.</param>
internal sealed record Timing(AttemptClock Clock, TimeSpan WriteLimit, Phase Next, TimeSpan NextLimit);
