using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.Api.Stats;
using Relay.Core.Latency;

namespace Relay.Api.Http;

/// <summary>
/// <c>GET /api/v1/trails</c>: how every model and target went along a window, in one answer that all who ask within <see cref="KeptFor"/>
/// share, so that many open pages cost little.
/// </summary>
internal sealed class TrailEndpoint(StatsQuery stats, TimeProvider time)
{
    /// <summary>How long an answer is given again: 2 s.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Kept?[] _kept = new Kept?[TrailingWindows.All.Length];

    /// <summary>Maps it.</summary>
    public void Map(IEndpointRouteBuilder routes) => routes.MapMethods("/api/v1/trails", Methods.Read, AnswerAsync);

    private async Task AnswerAsync(HttpContext context)
    {
        if (WindowParameter.Read(context.Request.Query, out var window) is { } error)
        {
            await error.WriteAsync(context);
            return;
        }

        var bytes = await BytesAsync(window).WaitAsync(context.RequestAborted);
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    /// <summary>The answer of a window: the one that is kept, or a new one, which is made once however many ask.</summary>
    private Task<byte[]> BytesAsync(Window window)
    {
        var now = time.GetTimestamp();
        lock (_gate)
        {
            ref var kept = ref _kept[(int)window];
            if (kept is null || kept.Bytes.IsFaulted || kept.Bytes.IsCanceled || time.GetElapsedTime(kept.At, now) >= KeptFor)
            {
                kept = new Kept(now, Task.Run(() => MakeAsync(window)));
            }

            return kept.Bytes;
        }
    }

    private async Task<byte[]> MakeAsync(Window window)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        var report = await stats.GetTrailsAsync(window, limit.Token);
        var output = new ArrayBufferWriter<byte>(16 * 1024);
        using (var json = new Utf8JsonWriter(output, JsonAnswer.Options))
        {
            Write(json, report);
        }

        return output.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, TrailReport report)
    {
        json.WriteStartObject();
        json.WriteString("window"u8, report.Window.Label());
        json.WriteString("step"u8, StepParameter.Label(report.Step));
        json.WriteString("start"u8, report.Start.UtcDateTime);
        json.WriteString("generatedAt"u8, report.GeneratedAt.UtcDateTime);
        Write(json, "models", "model", "requests", report.Models);
        Write(json, "targets", "target", "attempts", report.Targets);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string list, string kind, string count, IReadOnlyList<Trail> trails)
    {
        json.WriteStartArray(list);
        foreach (var trail in trails)
        {
            json.WriteStartObject();
            json.WriteString(kind, trail.Name);
            json.WriteStartArray(count);
            foreach (var point in trail.Points)
            {
                json.WriteNumberValue(point.Count);
            }

            json.WriteEndArray();
            json.WriteStartArray("failed"u8);
            foreach (var point in trail.Points)
            {
                json.WriteNumberValue(point.Failed);
            }

            json.WriteEndArray();
            json.WriteStartArray("latencyP95Ms"u8);
            foreach (var point in trail.Points)
            {
                if (point.P95 is { } p95)
                {
                    json.WriteNumberValue(p95);
                }
                else
                {
                    json.WriteNullValue();
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private sealed record Kept(long At, Task<byte[]> Bytes);
}
