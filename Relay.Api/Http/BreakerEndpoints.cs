using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.Api.Admin;
using Relay.Api.Stats;

namespace Relay.Api.Http;

/// <summary>Breakers: how they stand and came there, and holding and resetting them by hand.</summary>
/// <param name="stats">The figures.</param>
/// <param name="control">The way to change one.</param>
/// <param name="gate">Who may.</param>
internal sealed class BreakerEndpoints(StatsQuery stats, BreakerControl control, AdminGate gate)
{
    /// <summary>Maps <c>/api/v1/breakers</c> and <c>/api/v1/breakers/{target}</c>.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/api/v1/breakers", Methods.Read, GetAllAsync);
        routes.MapMethods("/api/v1/breakers/{**name}", Methods.Read, GetOneAsync);
        routes.MapMethods("/api/v1/breakers/{**name}", Methods.Change, SetAsync);
    }

    private async Task GetAllAsync(HttpContext context)
    {
        if (NoParameters.Check(context.Request.Query) is { } error)
        {
            await error.WriteAsync(context);
            return;
        }

        var report = await stats.GetBreakersAsync(context.RequestAborted);
        await using var answer = new JsonAnswer(context);
        await BreakersJson.WriteAsync(answer, report);
    }

    private async Task GetOneAsync(HttpContext context)
    {
        if (NoParameters.Check(context.Request.Query) is { } error)
        {
            await error.WriteAsync(context);
            return;
        }

        var name = NameInPath.Read(context).Name;
        await AnswerAsync(context, name, await stats.FindBreakerAsync(name, context.RequestAborted));
    }

    private async Task SetAsync(HttpContext context)
    {
        BreakerBody.Allow(context);
        if (AdminCheck.Refusal(context, gate) is { } refusal)
        {
            await refusal.WriteAsync(context);
            return;
        }

        var (body, error) = await BreakerBody.ReadAsync(context);
        if (body is null)
        {
            await error!.WriteAsync(context);
            return;
        }

        var name = NameInPath.Read(context).Name;
        var requestId = $"api_{Guid.NewGuid():N}";
        context.Response.Headers["x-relay-request-id"] = requestId;
        var order = new BreakerOrder(name, body.Force, body.Note, AdminGate.Name, requestId);
        await AnswerAsync(context, name, await control.SetAsync(order, context.RequestAborted));
    }

    private static async Task AnswerAsync(HttpContext context, string name, BreakersReport? report)
    {
        if (report is null)
        {
            await NotFound.Target(name).WriteAsync(context);
            return;
        }

        await using var answer = new JsonAnswer(context);
        BreakersJson.WriteSingle(answer, report);
    }
}
