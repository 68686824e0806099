using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.Silo.Grains;

namespace Relay.Api.Http;

/// <summary>What runs here.</summary>
internal static class InfoEndpoints
{
    /// <summary>Maps <c>/api/v1/info</c>.</summary>
    public static void MapInfo(this IEndpointRouteBuilder routes, ApiOptions options, ITopology topology) =>
        routes.MapMethods("/api/v1/info", Methods.Read, context => GetAsync(context, options, topology));

    private static async Task GetAsync(HttpContext context, ApiOptions options, ITopology topology)
    {
        await using var answer = new JsonAnswer(context);
        var json = answer.Writer;
        json.WriteStartObject();
        json.WriteString("version"u8, options.Version);
        json.WriteString("configVersion"u8, topology.ConfigVersion);
        json.WriteString("gatewayUrl"u8, options.GatewayUrl);
        json.WriteStartArray("models"u8);
        foreach (var model in topology.Models)
        {
            json.WriteStringValue(model.Model);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
