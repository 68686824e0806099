using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;
using Relay.Core.Errors;
using Relay.Grpc.Framing;
using Relay.Grpc.Reflection;

namespace Relay.Grpc.Server;

/// <summary>
/// Serves calls.
/// <code><![CDATA[
///   1 a call at all? --> 2 method --> 3 encoding, deadline --> 4 around --> 5 read, handle, write --> 6 status
///     426 405 415         UNIMPLEMENTED  UNIMPLEMENTED,         (keys)        (any)                     trailers
///                                        INVALID_ARGUMENT
/// ]]></code>
/// </summary>
internal sealed class GrpcServer
{
    private readonly FrozenDictionary<string, GrpcMethod> _methods;
    private readonly FrozenSet<string> _services;
    private readonly GrpcOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    public GrpcServer(GrpcOptions options, IReadOnlyList<GrpcService> services, TimeProvider time, ILogger log)
    {
        (_options, _time, _log) = (options, time, log);
        GrpcService[] all = options.Reflection ? [.. services, ReflectionService.Create(services)] : [.. services];
        _methods = all.SelectMany(service => service.Methods).ToFrozenDictionary(method => method.Path, StringComparer.Ordinal);
        _services = all.Select(service => service.Descriptor.FullName).ToFrozenSet(StringComparer.Ordinal);
    }

    public Task InvokeAsync(HttpContext http, CancellationToken stopping)
    {
        // 1
        if (HttpRefusal.TryRefuse(http))
        {
            return Task.CompletedTask;
        }

        http.Response.ContentType = "application/grpc";
        http.Response.Headers[Encodings.AcceptHeader] = Encodings.Accepted;

        // 2
        if (!_methods.TryGetValue(http.Request.Path.Value ?? "", out var method))
        {
            StatusTrailers.Write(http, Unknown(http.Request.Path.Value ?? ""));
            return Task.CompletedTask;
        }

        // 3
        if (!Encodings.TryRead(http.Request.Headers[Encodings.Header], out var isGzip))
        {
            StatusTrailers.Write(http, ProtocolError.UnknownEncoding(http.Request.Headers[Encodings.Header].ToString()));
            return Task.CompletedTask;
        }

        TimeSpan? timeout = null;
        if (http.Request.Headers.TryGetValue(TimeoutHeader.Name, out var text))
        {
            if (!TimeoutHeader.TryParse(text.ToString(), out var given))
            {
                StatusTrailers.Write(http, ProtocolError.BadTimeout());
                return Task.CompletedTask;
            }

            timeout = given;
        }

        FreeBody(http, method);
        return ServeAsync(http, method, isGzip, timeout, stopping);
    }

    private async Task ServeAsync(HttpContext http, GrpcMethod method, bool isGzip, TimeSpan? timeout, CancellationToken stopping)
    {
        using var clock = timeout is { } limit ? new DeadlineClock(limit, _time, http.RequestAborted) : null;
        var over = clock?.Token ?? http.RequestAborted;
        var frames = new CallFrames(http, _options, isGzip) { Cancellation = over };
        var call = new GrpcCall(http, method.Descriptor, frames) { Timeout = timeout, Cancellation = over, Stopping = stopping };
        var status = GrpcStatus.Ok;
        try
        {
            // 4, 5
            await (method.Around is { } around ? around(call, () => method.RunAsync(call, frames)) : method.RunAsync(call, frames));
        }
        catch (Exception e)
        {
            status = Explain(e, call);
        }

        // 6
        if (clock?.IsOver == true)
        {
            status = GrpcStatus.Of(ErrorKind.ClientDeadline, "The deadline of the call has passed.");
        }

        if (!http.RequestAborted.IsCancellationRequested)
        {
            End(http, frames, status);
        }
    }

    private static void End(HttpContext http, CallFrames frames, GrpcStatus status)
    {
        // What stands in front of the trailers would hold them up for as long as the client reads nothing.
        if (frames.IsStuck && http.Features.Get<IHttpResetFeature>() is { } stream)
        {
            const int Cancel = 0x8;
            stream.Reset(Cancel);
            return;
        }

        StatusTrailers.Write(http, status);
    }

    private GrpcStatus Explain(Exception e, GrpcCall call)
    {
        switch (e)
        {
            case GrpcException known:
                return known.Status;
            case OperationCanceledException when call.Cancellation.IsCancellationRequested:
                return GrpcStatus.Of(ErrorKind.ClientClosed, "The call was cancelled.");
            case BadHttpRequestException:
                return GrpcStatus.Of(ErrorKind.InvalidRequest, "The request broke off, or came too slowly.");
            case IOException when call.ClientGone.IsCancellationRequested:
                return GrpcStatus.Of(ErrorKind.ClientClosed, "The client closed the connection.");
            default:
                // No message of the exception: it may hold what the client sent.
                Log.CallFailed(_log, call.Method.FullName, e.GetType().Name, e.StackTrace?.Split('\n')[0].Trim() ?? "");
                return GrpcStatus.Of(ErrorKind.Internal, "Relay failed on this call. Its log has more.");
        }
    }

    private GrpcStatus Unknown(string path)
    {
        var service = path.Split('/') is ["", var name, _] ? name : null;
        var what = service is null ? "The path must be /package.Service/Method"
            : _services.Contains(service) ? $"The service {service} has no such method"
            : "There is no such service";
        return new(GrpcStatusCode.Unimplemented, ErrorKind.InvalidRequest, $"{what}. Reflection lists what there is.");
    }

    /// <summary>The server's limits on bodies are about one body; here each message has its own.</summary>
    private static void FreeBody(HttpContext http, GrpcMethod method)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (method.ClientStreams && http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }
}
