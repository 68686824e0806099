using System.Globalization;
using Relay.Core.Errors;
using Relay.Gateway.Attempts;
using Relay.Gateway.Errors;

namespace Relay.Gateway.Streaming;

/// <summary>What can be wrong with a stream itself, in words for the client.</summary>
internal static class StreamErrors
{
    public static RelayError WrongType(AttemptContext at, string type) =>
        new(ErrorKind.Malformed, $"{Target(at)} answered a stream request with {type}.");

    public static RelayError HeldTooMuch(AttemptContext at) =>
        new(ErrorKind.Malformed, $"{Target(at)} sent {Limit(at)} bytes without a token (limits.maxSseLineBytes).");

    public static RelayError TooLong(AttemptContext at) =>
        new(ErrorKind.Malformed, $"{Target(at)} sent an event of over {Limit(at)} bytes (limits.maxSseLineBytes).");

    public static RelayError Unfinished(AttemptContext at) =>
        new(ErrorKind.Truncated, $"The stream of {Target(at)} ended without a finish_reason.");

    public static RelayError Diverged(AttemptContext at) =>
        new(ErrorKind.Truncated, $"The stream of {at.Request.Sent!.Breaks[^1].Target} broke off, and what {Target(at)} says instead starts like the answer so far, but then goes another way.");

    private static string Target(AttemptContext at) => at.Visit.Target.Name;

    private static string Limit(AttemptContext at) => at.Limits.MaxSseLineBytes.ToString(CultureInfo.InvariantCulture);
}
