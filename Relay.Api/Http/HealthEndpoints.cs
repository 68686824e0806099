using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Relay.Core.Latency;
using Relay.Silo.Grains;

namespace Relay.Api.Http;

/// <summary>For those who watch the process: does it run, and can it answer?</summary>
internal static class HealthEndpoints
{
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(2);

    /// <summary>Maps <c>/healthz</c> (the process runs) and <c>/readyz</c> (the grains answer).</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes, IGrains grains, ITopology topology, TimeProvider time, ILogger log)
    {
        routes.MapMethods("/healthz", Methods.Read, context => AnswerAsync(context, "ok"));
        routes.MapMethods("/readyz", Methods.Read, async context =>
        {
            if (await CheckAsync(grains, topology, time, context.RequestAborted) is not { } fault)
            {
                await AnswerAsync(context, "ready");
                return;
            }

            Log.NotReady(log, fault);
            await new ErrorAnswer(StatusCodes.Status503ServiceUnavailable, "not_ready", "The grains do not answer.").WriteAsync(context);
        });
    }

    /// <summary>Why it is not ready; null when it is. The first model stands for all.</summary>
    public static async Task<string?> CheckAsync(IGrains grains, ITopology topology, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            var models = topology.Models;
            var model = models.Count > 0 ? models[0].Model : "_other";
            await grains.GetModelAsync(model, Window.OneMinute, cancellation).AsTask().WaitAsync(ReadyLimit, time, cancellation);
            return null;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            return e.GetType().Name;
        }
    }

    private static async Task AnswerAsync(HttpContext context, string status)
    {
        await using var answer = new JsonAnswer(context);
        answer.Writer.WriteStartObject();
        answer.Writer.WriteString("status"u8, status);
        answer.Writer.WriteEndObject();
    }
}
