using Microsoft.AspNetCore.Http;
using Relay.Grpc;

namespace Relay.Api.Http;

/// <summary>The headers of every answer: nothing may be framed, sniffed, read across origins or kept, and the page may load only its own parts.</summary>
internal static class SecurityHeaders
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Sets them, before anything else can answer. gRPC has no use for them.</summary>
    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (GrpcHosting.IsGrpc(context))
        {
            return next(context);
        }

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        return next(context);
    }
}
