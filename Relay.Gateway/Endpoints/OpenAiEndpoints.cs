using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Relay.Core.Errors;
using Relay.Gateway.Attempts;
using Relay.Gateway.Errors;
using Relay.Gateway.Routing;

namespace Relay.Gateway.Endpoints;

/// <summary>The endpoints of OpenAI's HTTP API.</summary>
internal static class OpenAiEndpoints
{
    /// <summary>Maps them. Every other path and method gets its error from <see cref="ErrorMiddleware"/>: a catch-all endpoint would turn 405 into 404.</summary>
    public static void MapOpenAi(this IEndpointRouteBuilder app)
    {
        var pipeline = app.ServiceProvider.GetRequiredService<RelayPipeline>();
        app.MapPost("/v1/chat/completions", (RequestDelegate)(http => pipeline.ServeAsync(http, EndpointKind.Chat)));
        app.MapPost("/v1/embeddings", (RequestDelegate)(http => pipeline.ServeAsync(http, EndpointKind.Embeddings)));
        app.MapGet("/v1/models", (RequestDelegate)(http => ListAsync(http, null)));
        app.MapGet("/v1/models/{**model}", (RequestDelegate)(http => ListAsync(http, http.Request.RouteValues["model"] as string)));
    }

    /// <summary>The error of a path that is not served.</summary>
    public static RelayError NotFound(HttpContext http) => new(
        ErrorKind.InvalidRequest,
        $"There is no {http.Request.Method} {ErrorMiddleware.Shown(http.Request.Path)}. Relay serves POST /v1/chat/completions, POST /v1/embeddings and GET /v1/models; check the client's base URL.")
    {
        HttpStatus = StatusCodes.Status404NotFound,
        Code = "unknown_url",
    };

    private static async Task ListAsync(HttpContext http, string? only)
    {
        var table = http.RequestServices.GetRequiredService<RoutingState>().Current;
        var error = table.Keys.Check(http, out var key);
        if (error is null && only is not null && (table.Find(only) is not { } route || key?.MayUse(only, route) == false))
        {
            // A model that the key may not use looks like one that is not there.
            error = new(ErrorKind.UnknownModel, $"The model '{ErrorMiddleware.Shown(only)}' is not configured. GET /v1/models lists those that are.", "model");
        }

        if (error is not null)
        {
            await ErrorMiddleware.SendAsync(http, error);
            return;
        }

        var names = table.Models.Values.Where(m => key?.MayUse(m.Name, m) != false).Select(m => m.Name).Order(StringComparer.Ordinal);
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            if (only is not null)
            {
                WriteModel(json, only);
            }
            else
            {
                WriteList(json, names);
            }
        }

        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.WrittenCount;
        await http.Response.BodyWriter.WriteAsync(body.WrittenMemory);
    }

    private static void WriteList(Utf8JsonWriter json, IEnumerable<string> names)
    {
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        foreach (var name in names)
        {
            WriteModel(json, name);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, name);
        json.WriteString("object"u8, "model"u8);
        json.WriteNumber("created"u8, 0);
        json.WriteString("owned_by"u8, "relay"u8);
        json.WriteEndObject();
    }
}
