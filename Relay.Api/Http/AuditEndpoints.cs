using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.Api.Admin;

namespace Relay.Api.Http;

/// <summary>Who changed what. Needs the admin token as well.</summary>
internal static class AuditEndpoints
{
    /// <summary>Maps <c>/api/v1/audit</c>.</summary>
    public static void MapAudit(this IEndpointRouteBuilder routes, AuditLog audit, AdminGate gate, TimeProvider time) =>
        routes.MapMethods("/api/v1/audit", Methods.Read, context => GetAsync(context, audit, gate, time));

    private static async Task GetAsync(HttpContext context, AuditLog audit, AdminGate gate, TimeProvider time)
    {
        if ((AdminCheck.Refusal(context, gate) ?? NoParameters.Check(context.Request.Query)) is { } error)
        {
            await error.WriteAsync(context);
            return;
        }

        await using var answer = new JsonAnswer(context);
        var json = answer.Writer;
        json.WriteStartObject();
        json.WriteString("generatedAt"u8, time.GetUtcNow().UtcDateTime);
        json.WriteStartArray("entries"u8);
        foreach (var entry in audit.Entries)
        {
            json.WriteStartObject();
            json.WriteString("at"u8, entry.At.UtcDateTime);
            json.WriteString("who"u8, entry.Who);
            json.WriteString("action"u8, entry.Action);
            json.WriteString("target"u8, entry.Target);
            json.WriteString("force"u8, entry.Force);
            json.WriteString("note"u8, entry.Note);
            json.WriteString("requestId"u8, entry.RequestId);
            json.WriteEndObject();
            await answer.FlushIfLongAsync();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
