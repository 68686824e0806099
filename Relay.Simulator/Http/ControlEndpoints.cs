using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Relay.Simulator;

/// <summary>The script from outside: /control/faults, /control/requests, /control/reset, /control/unplug and /control/plug. Not logged, and there while unplugged.</summary>
internal static class ControlEndpoints
{
    private const int MaxBodyBytes = 1024 * 1024;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = PooledBytes.JsonOptions.Encoder };

    public static async Task HandleAsync(HttpContext http, SimulatorState state, string path)
    {
        try
        {
            await RouteAsync(http, state, path);
        }
        catch (ApiErrorException e)
        {
            await SendAsync(http, e.Error.Status, new { error = new { message = e.Error.Message, type = e.Error.Type } });
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            await SendAsync(http, 400, new { error = new { message = e.Message, type = "invalid_request_error" } });
        }
    }

    private static Task RouteAsync(HttpContext http, SimulatorState state, string path)
    {
        switch (http.Request.Method, path)
        {
            case ("GET", "/control/faults"):
                return SendRulesAsync(http, state);
            case ("PUT", "/control/faults"):
                return ChangeAsync(http, state, replace: true);
            case ("POST", "/control/faults"):
                return ChangeAsync(http, state, replace: false);
            case ("DELETE", "/control/faults"):
                if (http.Request.Query["model"].ToString() is { Length: > 0 } model)
                {
                    state.Faults.Clear(model);
                }
                else
                {
                    state.Faults.Clear();
                }

                return SendRulesAsync(http, state);
            case ("GET", "/control/requests"):
                return SendRequestsAsync(http, state);
            case ("POST", "/control/reset"):
                state.Reset();
                return SendAsync(http, 200, new { ok = true });
            case ("POST", "/control/unplug"):
                state.Unplug(except: http.Features.Get<LiveConnection>());
                return SendAsync(http, 200, new { plugged = false });
            case ("POST", "/control/plug"):
                state.Plug();
                return SendAsync(http, 200, new { plugged = true });
            default:
                throw new ApiErrorException(OpenAiErrors.Instance.NoSuchPath(http.Request.Method, path));
        }
    }

    private static async Task ChangeAsync(HttpContext http, SimulatorState state, bool replace)
    {
        using var body = await Requests.ReadBodyAsync(http, OpenAiErrors.Instance, MaxBodyBytes, http.RequestAborted);
        var rules = JsonSerializer.Deserialize<RuleText[]>(body.WrittenSpan, Json) ?? [];
        var parsed = rules.Select(r => string.IsNullOrEmpty(r.Model) || string.IsNullOrEmpty(r.Fault)
            ? throw new FormatException("""each rule needs a model and a fault: [{"model":"gpt-sim","fault":"status=503,times=2"}]""")
            : (r.Model, Fault.Parse(r.Fault))).ToArray();
        state.Faults.Add(parsed, replace);
        await SendRulesAsync(http, state);
    }

    private static Task SendRulesAsync(HttpContext http, SimulatorState state) =>
        SendAsync(http, 200, state.Faults.Rules.Select(r => new { r.Model, Fault = r.Fault.ToString(), r.Seen, r.Fired }));

    private static Task SendRequestsAsync(HttpContext http, SimulatorState state)
    {
        var model = http.Request.Query["model"].ToString();
        var entries = model.Length > 0 ? state.Log.For(model) : state.Log.Entries;
        return SendAsync(http, 200, entries.Select(e => new
        {
            e.Sequence,
            ArrivedMs = e.ArrivedAt.TotalMilliseconds,
            EndedMs = e.EndedAt?.TotalMilliseconds,
            e.Path,
            e.Protocol,
            e.ConnectionId,
            e.Model,
            e.Stream,
            e.HasAuthorization,
            e.AnthropicBeta,
            e.TraceParent,
            e.ClientRequestId,
            e.IdempotencyKey,
            e.Status,
            e.Fault,
            Ending = JsonNamingPolicy.SnakeCaseLower.ConvertName(e.Ending.ToString()),
            e.WordsSent,
            e.BodyLength,
            Body = e.BodyText,
        }));
    }

    private static async Task SendAsync<T>(HttpContext http, int status, T value)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        var body = JsonSerializer.SerializeToUtf8Bytes(value, Json);
        http.Response.ContentLength = body.Length;
        await http.Response.BodyWriter.WriteAsync(body, http.RequestAborted);
    }

    private sealed record RuleText(string? Model, string? Fault);
}
