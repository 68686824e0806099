using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Relay.Core.Breaker;

namespace Relay.Api.Http;

/// <summary>What is to become of a breaker: <c>{"force":"open","note":"…"}</c>.</summary>
/// <param name="Force">Hold it open or closed; None resets it.</param>
/// <param name="Note">Why; null when nothing is said.</param>
internal sealed record BreakerBody(BreakerForce Force, string? Note)
{
    /// <summary>The longest body, in bytes.</summary>
    public const int MaxBytes = 4 * 1024;

    private const string Form = "the body must be {\"force\":\"open\"}, \"closed\" or \"none\", with a \"note\" if you like";

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    /// <summary>Lets the request have a body. Also one that is refused unread: the server then skips it, and the connection can be used again.</summary>
    public static void Allow(HttpContext context) => context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = MaxBytes;

    /// <summary>Reads it; an error when it is not right.</summary>
    public static async Task<(BreakerBody? Body, ErrorAnswer? Error)> ReadAsync(HttpContext context)
    {
        if (NoParameters.Check(context.Request.Query) is { } unknown)
        {
            return (null, unknown);
        }

        // Only this type: a form on a web page elsewhere cannot send it without asking first, which nobody answers.
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
        {
            return (null, new(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", $"Content-Type is {ErrorAnswer.Echo(context.Request.ContentType ?? "")}; it must be application/json."));
        }

        try
        {
            using var json = await JsonDocument.ParseAsync(context.Request.Body, Options, context.RequestAborted);
            return Read(json.RootElement);
        }
        catch (JsonException)
        {
            return (null, Wrong("The body is not JSON", null));
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, new(StatusCodes.Status413PayloadTooLarge, "too_large", $"The body is larger than {MaxBytes} bytes."));
        }
    }

    private static (BreakerBody? Body, ErrorAnswer? Error) Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return (null, Wrong("The body is no object", null));
        }

        BreakerForce? force = null;
        string? note = null;
        foreach (var field in root.EnumerateObject())
        {
            switch (field.Name)
            {
                case "force" when field.Value.ValueKind == JsonValueKind.String && Find(field.Value.GetString()!) is { } found:
                    force = found;
                    break;
                case "note" when field.Value.ValueKind is JsonValueKind.String or JsonValueKind.Null:
                    note = field.Value.GetString();
                    break;
                case "force" or "note":
                    return (null, Wrong($"{field.Name} is {ErrorAnswer.Echo(field.Value.GetRawText())}", field.Name));
                default:
                    return (null, new(StatusCodes.Status400BadRequest, "unknown_parameter", $"There is no field {ErrorAnswer.Echo(field.Name)}; {Form}.", field.Name));
            }
        }

        return force is { } wanted ? (new(wanted, note), null) : (null, Wrong("force is missing", "force"));
    }

    private static BreakerForce? Find(string word)
    {
        foreach (var force in Enum.GetValues<BreakerForce>())
        {
            if (force.Label() == word)
            {
                return force;
            }
        }

        return null;
    }

    private static ErrorAnswer Wrong(string what, string? param) => new(StatusCodes.Status400BadRequest, "invalid_parameter", $"{what}; {Form}.", param);
}
