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
        if (exchange.Options.ApiKey is not { } key)
        {
            return;
        }

        string? sent = exchange.Http.Request.Headers.Authorization;
        if (string.IsNullOrEmpty(sent))
        {
            throw new ApiErrorException(ApiError.MissingKey);
        }

        if (sent != $"Bearer {key}")
        {
            throw new ApiErrorException(ApiError.Unauthorized);
        }
    }

    /// <summary>The whole body in pooled memory.</summary>
    /// <exception cref="ApiErrorException">The body is larger than the limit.</exception>
    public static async Task<PooledBytes> ReadBodyAsync(HttpContext http, int maxBytes, CancellationToken cancellationToken)
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
                    throw new ApiErrorException(ApiError.TooLarge);
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

    /// <summary>The body as JSON; where it is none, the request is logged as it came and answered with OpenAI's 400.</summary>
    public static JsonDocument ParseJson(Exchange exchange, ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            exchange.Log(body, null, stream: false, fault: null);
            throw new ApiErrorException(ApiError.BadJson);
        }
    }

    /// <summary>The model's name for the log of a request that may be wrong in other ways.</summary>
    public static string? ModelOf(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty("model"u8, out var model) && model.ValueKind == JsonValueKind.String ? model.GetString() : null;

    public static void Write(this PooledBytes bytes, string text) => Encoding.UTF8.GetBytes(text, bytes);
}
