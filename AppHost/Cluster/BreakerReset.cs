using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Relay.AppHost.Cluster;

/// <summary>The command on the dashboard that closes what is open: for after a provider was mended, without waiting for the next probe.</summary>
public static class BreakerReset
{
    /// <summary>Resets every breaker that is not closed, or that somebody holds, through the API.</summary>
    /// <param name="http">A client whose base address is the API's.</param>
    /// <param name="adminToken">The API's admin token.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The targets whose breakers were reset.</returns>
    /// <exception cref="HttpRequestException">The API is away, or refused.</exception>
    public static async Task<IReadOnlyList<string>> ResetAllAsync(HttpClient http, string adminToken, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(http);
        var report = await http.GetFromJsonAsync<JsonElement>("api/v1/breakers", cancellation);
        var reset = new List<string>();
        foreach (var target in report.GetProperty("breakers").EnumerateArray().Where(IsShut).Select(breaker => breaker.GetProperty("target").GetString()!))
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/breakers/" + Uri.EscapeDataString(target));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", adminToken);
            request.Content = JsonContent.Create(new { force = "none", note = "reset on the Aspire dashboard" });
            using var answer = await http.SendAsync(request, cancellation);
            answer.EnsureSuccessStatusCode();
            reset.Add(target);
        }

        return reset;
    }

    private static bool IsShut(JsonElement target) =>
        target.GetProperty("breaker") is { ValueKind: JsonValueKind.Object } breaker
        && (breaker.GetProperty("state").GetString() != "closed" || breaker.GetProperty("force").GetString() != "none");
}
