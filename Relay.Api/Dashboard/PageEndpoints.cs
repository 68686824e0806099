using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Relay.Api.Http;

namespace Relay.Api.Dashboard;

/// <summary>The live page: files inside the assembly, which ask <c>/api/v1</c> like any other client.</summary>
internal static class PageEndpoints
{
    private static readonly string[] Scripts = ["relay.js", "page.js", "format.js", "figures.js", "trails.js", "stories.js", "control.js"];

    /// <summary>Maps <c>/</c> and its style and scripts.</summary>
    public static void MapPage(this IEndpointRouteBuilder routes)
    {
        Map(routes, "/", "index.html", "text/html; charset=utf-8");
        Map(routes, "/relay.css", "relay.css", "text/css; charset=utf-8");
        foreach (var script in Scripts)
        {
            Map(routes, "/" + script, script, "text/javascript; charset=utf-8");
        }
    }

    private static void Map(IEndpointRouteBuilder routes, string path, string file, string contentType)
    {
        var bytes = Load(file);
        routes.MapMethods(path, Methods.Read, async context =>
        {
            context.Response.ContentType = contentType;
            context.Response.ContentLength = bytes.Length;
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        });
    }

    private static byte[] Load(string file)
    {
        using var stream = typeof(PageEndpoints).Assembly.GetManifestResourceStream($"Dashboard/{file}")
            ?? throw new InvalidOperationException($"{file} is not in the assembly.");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
