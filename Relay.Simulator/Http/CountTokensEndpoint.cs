using System.Text.Json;

namespace Relay.Simulator;

/// <summary>How many tokens a request has: Anthropic's count_tokens and Gemini's countTokens.</summary>
internal static class CountTokensEndpoint
{
    public static async Task HandleAsync(Exchange exchange)
    {
        using var body = await Requests.ReadBodyAsync(exchange);
        using var json = Requests.ParseJson(exchange, body.WrittenMemory);
        var request = ChatEndpoint.Read(exchange, body.WrittenMemory, json.RootElement, static (e, root) => e.Dialect.ReadCount(e, root));
        exchange.Log(body.WrittenMemory, request.Model, stream: false, exchange.TakeFault(request.Model, default));
        if (await EarlyFaults.AppliedAsync(exchange))
        {
            return;
        }

        using var answer = new PooledBytes();
        using (var writer = new Utf8JsonWriter(answer, PooledBytes.JsonOptions))
        {
            writer.WriteStartObject();
            exchange.Dialect.WriteCount(writer, request);
            writer.WriteEndObject();
        }

        await PlainAnswer.SendBodyAsync(exchange, answer, exchange.Pace.FirstTokenMs(), request.PromptTokens);
    }
}
