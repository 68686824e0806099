using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Relay.Core.Errors;
using Relay.Gateway.Attempts;
using Relay.Gateway.Errors;
using Relay.Gateway.Upstream.Egress;

namespace Relay.Gateway.Upstream;

/// <summary>Turns what went wrong between Relay and a provider into an error that names the place and the limit.</summary>
internal static class UpstreamFault
{
    /// <summary>The error of an exception.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="clock">The attempt's clock, which knows whether this side stopped it.</param>
    /// <param name="target">The target's name.</param>
    /// <param name="inBody">The answer's headers had come.</param>
    public static RelayError From(Exception exception, AttemptClock clock, string target, bool inBody)
    {
        if (clock.Cause != StopCause.None)
        {
            return FromClock(clock, target);
        }

        if (exception is OperationCanceledException)
        {
            return new(ErrorKind.ConnectFailed, $"No connection to the provider of {target} could be opened within the connect limit.");
        }

        var kind = Classify(exception, inBody);
        return new(kind, kind switch
        {
            ErrorKind.ConnectFailed => $"No connection to the provider of {target}: {Reason(exception)}.",
            ErrorKind.Tls => $"The TLS handshake with the provider of {target} failed. Check its certificate, the base URL and the provider's egress.",
            ErrorKind.Truncated => $"The answer of {target} ended before it was complete.",
            ErrorKind.Malformed => $"The answer of {target} breaks the HTTP protocol.",
            _ => $"The connection to the provider of {target} broke {(inBody ? "in the middle of its answer" : "before it answered")}.",
        });
    }

    /// <summary>The error when the attempt's clock stopped it.</summary>
    public static RelayError FromClock(AttemptClock clock, string target)
    {
        var limit = Seconds(clock.Limit);
        return clock.Cause switch
        {
            StopCause.ClientGone => new(ErrorKind.ClientClosed, "The client closed the connection."),
            StopCause.ClientDeadline => new(ErrorKind.ClientDeadline, "The deadline that the client gave with its request has passed."),
            StopCause.Total => new(ErrorKind.TotalTimeout, $"The request reached its total limit (timeouts.total) at {target}."),
            _ => clock.Phase switch
            {
                Phase.PoolWait => new(ErrorKind.ConnectFailed, $"No free connection to the provider of {target} within {limit} (timeouts.poolWait)."),
                Phase.Connect => new(ErrorKind.ConnectFailed, $"No connection to the provider of {target} within {limit} (timeouts.connect)."),
                Phase.RequestWrite => new(ErrorKind.ConnectionReset, $"The request could not be written to {target} within {limit} (timeouts.requestWrite)."),
                Phase.Idle => new(ErrorKind.IdleTimeout, $"{target} fell silent for {limit} between two tokens (timeouts.idle)."),
                Phase.ClientWrite => new(ErrorKind.ClientClosed, $"The client took nothing of its answer for {limit} (limits.clientStall)."),
                Phase.Attempt => new(ErrorKind.TotalTimeout, $"{target} did not complete its answer within {limit} (timeouts.attempt)."),
                _ => new(ErrorKind.FirstTokenTimeout, $"{target} sent no token within {limit} (timeouts.firstToken)."),
            },
        };
    }

    private static ErrorKind Classify(Exception exception, bool inBody)
    {
        var error = exception switch
        {
            HttpRequestException e => e.HttpRequestError,
            HttpIOException e => e.HttpRequestError,
            _ => HttpRequestError.Unknown,
        };
        return error switch
        {
            HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError => ErrorKind.ConnectFailed,
            HttpRequestError.SecureConnectionError => ErrorKind.Tls,
            HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.VersionNegotiationError
                or HttpRequestError.ConfigurationLimitExceeded => ErrorKind.Malformed,
            HttpRequestError.ResponseEnded => inBody ? ErrorKind.Truncated : ErrorKind.ConnectionReset,
            _ when !inBody && IsTls(exception) => ErrorKind.Tls,
            _ => ErrorKind.ConnectionReset,
        };
    }

    /// <summary>In TLS 1.3 a server says only after the handshake that it does not take the client's certificate.</summary>
    private static bool IsTls(Exception exception)
    {
        for (var e = exception.InnerException; e is not null; e = e.InnerException)
        {
            if (e is AuthenticationException or CryptographicException)
            {
                return true;
            }
        }

        return false;
    }

    private static string Reason(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is SocketException socket)
            {
                return Say(socket);
            }

            if (e is ProxyException)
            {
                return e.Message;
            }
        }

        return "it failed";
    }

    /// <summary>Why no connection was made, in words.</summary>
    public static string Say(SocketException exception) => exception.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData => "its host name does not resolve",
        SocketError.NetworkUnreachable or SocketError.HostUnreachable => "its network is unreachable",
        SocketError.TimedOut => "it timed out",
        var code => code.ToString(),
    };

    private static string Seconds(TimeSpan limit) => limit.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + " s";
}
