using Microsoft.AspNetCore.Http;

namespace Relay.Api.Http;

/// <summary>An error as the client gets it: <c>{"error":{"message","type","param","code"}}</c>, the shape that the gateway uses as well.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">What went wrong, for programs.</param>
/// <param name="Message">What went wrong and what would be right, for people.</param>
/// <param name="Param">The parameter at fault, if it is one.</param>
internal sealed record ErrorAnswer(int Status, string Code, string Message, string? Param = null)
{
    private const int MaxEcho = 100;

    private string Type => Status >= StatusCodes.Status500InternalServerError ? "server_error" : "invalid_request_error";

    /// <summary>What a client sent, cut to a length that is fit to be repeated in a message.</summary>
    public static string Echo(string text) => text.Length <= MaxEcho ? $"'{text}'" : $"'{text[..MaxEcho]}…'";

    /// <summary>Answers with it.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        await using var json = new JsonAnswer(context);
        var writer = json.Writer;
        writer.WriteStartObject();
        writer.WriteStartObject("error"u8);
        writer.WriteString("message"u8, Message);
        writer.WriteString("type"u8, Type);
        writer.WriteString("param"u8, Param);
        writer.WriteString("code"u8, Code);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
