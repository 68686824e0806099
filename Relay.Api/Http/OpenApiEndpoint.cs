using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Relay.Api.Http;

/// <summary>
/// What can be asked here, for programs: an OpenAPI 3.1 document. It is written by hand, as answers are, since nothing that could be made
/// from types would say what they look like; tests hold it to the routes and to real answers.
/// </summary>
internal static class OpenApiEndpoint
{
    /// <summary>Maps <c>/api/v1/openapi.json</c>.</summary>
    public static void MapOpenApi(this IEndpointRouteBuilder routes)
    {
        var bytes = Load();
        routes.MapMethods("/api/v1/openapi.json", Methods.Read, async context =>
        {
            context.Response.ContentType = "application/json; charset=utf-8";
            context.Response.ContentLength = bytes.Length;
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        });
    }

    private static byte[] Load()
    {
        using var stream = typeof(OpenApiEndpoint).Assembly.GetManifestResourceStream("openapi.json")
            ?? throw new InvalidOperationException("openapi.json is not in the assembly.");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
