using System.Buffers;
using Relay.Gateway.Attempts;
using Relay.Gateway.Dialects;
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
        if (PassesThrough(request, target) && !request.IsRescue)
        {
            return new SplicedContent(request.Body, new RequestSplice(request.Body.Memory, request.Scan, target.ModelJson), timing);
        }

        if (request.TryGetChat(out error) is not { } chat)
        {
            return null;
        }

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

    private static ReadOnlyMemory<byte> ForOpenAi(ChatForm chat, UpstreamTarget target)
    {
        if (target.Wire.Dialect is not null)
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
