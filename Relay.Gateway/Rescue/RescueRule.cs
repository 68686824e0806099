using Relay.Core.Errors;
using Relay.Gateway.Attempts;
using Relay.Gateway.Config;
using Relay.Gateway.Dialects.OpenAi;
using Relay.Gateway.Routing;

namespace Relay.Gateway.Rescue;

/// <summary>Which streams may be rescued, and how a target is asked to go on.</summary>
internal static class RescueRule
{
    /// <summary>What is sent of this request's stream is worth keeping: it is plain text, in one choice, and another target could go on.</summary>
    public static bool MayApply(EndpointKind endpoint, RequestScan scan, ModelRoute route) =>
        route.Options.Rescue.Enabled
        && route.Targets.Length > 1
        && endpoint == EndpointKind.Chat
        && scan is { Stream: true, Choices: 1, HasResponseFormat: false };

    /// <summary>This broken stream may go to the next target.</summary>
    public static bool MayRescue(RelayRequest request, AttemptResult broken, TimeSpan now) =>
        request.Sent is { IsOpen: true } sent
        && !broken.IsDiverged
        && sent.Breaks.Count < sent.Options.MaxPerRequest
        && broken.Error!.Row.FailOver
        && broken.Kind is not ErrorKind.TotalTimeout
        && !request.ClientGone.IsCancellationRequested
        && request.TimeLeft(now) > TimeSpan.Zero;

    /// <summary>How the target is asked to go on.</summary>
    public static ContinueAs HowAt(UpstreamTarget target) =>
        target.Options.Prefill == false || target.State.RefusesPrefill ? ContinueAs.UserMessage : ContinueAs.Prefill;

    /// <summary>Bytes at the end of the sent text that the target does not see: Anthropic refuses white space at the end of a prefill, so it is not sent there.</summary>
    public static int Unseen(UpstreamTarget target, ReadOnlySpan<byte> sent) =>
        target.Wire.Speaks == Dialect.Anthropic && HowAt(target) == ContinueAs.Prefill ? sent.Length - sent.TrimEnd(" \n\r\t"u8).Length : 0;

    /// <summary>The target refused the request for the assistant's message at its end: it is remembered, and asked in the other way.</summary>
    public static bool LearnedFrom(RelayRequest request, UpstreamTarget target, AttemptResult result)
    {
        var refused = request.Sent is { IsBroken: true, Text.IsEmpty: false }
            && result.Kind == ErrorKind.InvalidRequest
            && result.Status is 400 or 422
            && HowAt(target) == ContinueAs.Prefill;
        if (refused)
        {
            target.State.RefusesPrefill = true;
        }

        return refused;
    }
}

/// <summary>How a target is asked to go on with a text.</summary>
internal enum ContinueAs
{
    /// <summary>The text stands at the end as an assistant's message, for the model to go on with.</summary>
    Prefill,

    /// <summary>A user's message behind it asks for the rest.</summary>
    UserMessage,
}
