using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Relay.Core.Errors;
using Relay.Grpc;

namespace Relay.Api.Http;

/// <summary>
/// Lets only requests in that were meant for this API: a foreign web page can make a browser send requests to a loopback port, and with
/// DNS rebinding even read the answers. Such a request names the foreign host, or comes with a foreign origin.
/// </summary>
internal sealed class HostGuard
{
    private const int MaxHosts = 64;

    private readonly HashSet<string> _hosts = new(StringComparer.OrdinalIgnoreCase) { "localhost", "127.0.0.1", "[::1]" };

    public HostGuard(ApiOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.AllowedHosts.Count, MaxHosts, nameof(options));
        var listen = options.Listen.Address;
        if (!listen.Equals(IPAddress.Any) && !listen.Equals(IPAddress.IPv6Any))
        {
            _hosts.Add(listen.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{listen}]" : listen.ToString());
        }

        foreach (var host in options.AllowedHosts)
        {
            _hosts.Add(IsHost(host) ? host : throw new ArgumentException($"Allowed host '{host}' is not a host name or address without scheme, port and path.", nameof(options)));
        }
    }

    /// <summary>Passes the request on, or answers 403; a gRPC call gets PERMISSION_DENIED in gRPC's own form, so that its client shows the reason.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (Refusal(context.Request) is not { } refusal)
        {
            return next(context);
        }

        if (!GrpcHosting.IsGrpc(context))
        {
            return refusal.WriteAsync(context);
        }

        GrpcHosting.Refuse(context, GrpcStatus.Of(ErrorKind.Permission, refusal.Message) with { ErrorCode = refusal.Code });
        return Task.CompletedTask;
    }

    /// <summary>Why the request is refused; null when it is not.</summary>
    private ErrorAnswer? Refusal(HttpRequest request)
    {
        if (!_hosts.Contains(request.Host.Host))
        {
            return new ErrorAnswer(
                StatusCodes.Status403Forbidden,
                "host_not_allowed",
                $"This API does not answer to the host {ErrorAnswer.Echo(request.Host.Value ?? "")}. Use localhost or the address it listens on, or add the name to its allowed hosts.");
        }

        var origins = request.Headers.Origin;
        if (origins.Count == 0 || (origins.Count == 1 && IsSame(origins[0], request.Host)))
        {
            return null;
        }

        return new ErrorAnswer(
            StatusCodes.Status403Forbidden,
            "origin_not_allowed",
            $"This API does not answer to pages of another origin: {ErrorAnswer.Echo(origins.ToString())} is not {ErrorAnswer.Echo(request.Host.Value ?? "")}.");
    }

    /// <summary>The scheme may be either, since TLS can end before this process; host and port must agree.</summary>
    private static bool IsSame(string? origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && string.Equals(uri.GetLeftPart(UriPartial.Authority), origin!.TrimEnd('/'), StringComparison.OrdinalIgnoreCase)
        && string.Equals(uri.Host, host.Host, StringComparison.OrdinalIgnoreCase)
        && uri.Port == (host.Port ?? (uri.Scheme == Uri.UriSchemeHttp ? 80 : 443));

    private static bool IsHost(string host) =>
        !string.IsNullOrEmpty(host) && host == new HostString(host).Host && Uri.CheckHostName(host.Trim('[', ']')) != UriHostNameType.Unknown;
}
