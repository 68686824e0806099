using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Relay.Simulator;

/// <summary>Reading of requests: the key, the body, its JSON.</summary>
internal static class Requests
{
    /// <exception cref="ApiErrorException">The key is missing or wrong.</exception>
    public static void CheckKey(Exchange exchange)
    {
        if (exchange.Options.ApiKey is { } key && exchange.Dialect.KeyOf(exchange.Http.Request) is var sent && sent != key)
        {
            throw new ApiErrorException(string.IsNullOrEmpty(sent) ? exchange.Dialect.Errors.MissingKey : exchange.Dialect.Errors.Unauthorized);
        }
    }

    /// <summary>The whole body of a logged request in pooled memory.</summary>
    /// <exception cref="ApiErrorException">The body is larger than the limit.</exception>
    public static Task<PooledBytes> ReadBodyAsync(Exchange exchange) =>
        ReadBodyAsync(exchange.Http, exchange.Dialect.Errors, exchange.Options.MaxRequestBytes, exchange.Aborted);

    /// <summary>The whole body in pooled memory.</summary>
    /// <exception cref="ApiErrorException">The body is larger than the limit.</exception>
    public static async Task<PooledBytes> ReadBodyAsync(HttpContext http, DialectErrors errors, int maxBytes, CancellationToken cancellationToken)
    {
        var reader = http.Request.BodyReader;
        var body = new PooledBytes();
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync(cancellationToken);
                foreach (var segment in result.Buffer)
                {
                    body.Write(segment.Span);
                }

                reader.AdvanceTo(result.Buffer.End);
                if (body.Length > maxBytes)
                {
                    throw new ApiErrorException(errors.TooLarge);
                }

                if (result.IsCompleted)
                {
                    return body;
                }
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>The body as JSON; where it is none, the request is logged as it came and answered with the dialect's 400.</summary>
    public static JsonDocument ParseJson(Exchange exchange, ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            exchange.Log(body, exchange.Route.Model, stream: false, fault: null);
            throw new ApiErrorException(exchange.Dialect.Errors.BadJson);
        }
    }

    /// <summary>The model's name for the log of a request that may be wrong in other ways.</summary>
    public static string? ModelOf(Exchange exchange, JsonElement root) =>
        exchange.Route.Model is { } model ? model
        : root.ValueKind == JsonValueKind.Object && root.TryGetProperty("model"u8, out var named) && named.ValueKind == JsonValueKind.String ? named.GetString() : null;

    public static void Write(this PooledBytes bytes, string text) => Encoding.UTF8.GetBytes(text, bytes);
}
