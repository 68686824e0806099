using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Relay.Api.Admin;

namespace Relay.Api.Http;

/// <summary>The admin token over HTTP: <c>Authorization: Bearer TOKEN</c>. A browser sends no such header by itself, so that a page elsewhere cannot use somebody's.</summary>
internal static class AdminCheck
{
    /// <summary>Why the request is refused; null when it carries the token.</summary>
    public static ErrorAnswer? Refusal(HttpContext context, AdminGate gate)
    {
        switch (gate.Check(context.Request.Headers.Authorization.ToString()))
        {
            case AdminVerdict.Allowed:
                return null;
            case AdminVerdict.NotConfigured:
                return new(StatusCodes.Status403Forbidden, "admin_not_configured", AdminGate.HowToConfigure);
            case AdminVerdict.Missing:
                context.Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
                return new(StatusCodes.Status401Unauthorized, "missing_admin_token", "This needs the admin token: send it as 'Authorization: Bearer TOKEN'.");
            default:
                return new(StatusCodes.Status403Forbidden, "wrong_admin_token", "This is not the admin token.");
        }
    }
}
