using System.Text.Json;

namespace Relay.Simulator;

/// <summary>A chat request in any dialect: read, logged, failed where a fault says so, answered.</summary>
internal static class ChatEndpoint
{
    public static async Task HandleAsync(Exchange exchange)
    {
        using var body = await Requests.ReadBodyAsync(exchange);
        using var json = Requests.ParseJson(exchange, body.WrittenMemory);
        var request = Read(exchange, body.WrittenMemory, json.RootElement, static (e, root) => e.Dialect.ReadChat(e, root));
        var target = new FaultTarget(Chat: true, request.Stream, request.Conversation.Prefill, exchange.Dialect.HasEndMark(exchange.Route), exchange.Dialect.HasUsageChunk);
        exchange.Log(body.WrittenMemory, request.Model, request.Stream, exchange.TakeFault(request.Model, target));
        if (await EarlyFaults.AppliedAsync(exchange))
        {
            return;
        }

        var plan = AnswerPlan.Of(exchange, request);
        if (request.Stream)
        {
            using var stream = new ChatStream(exchange, request, plan);
            await stream.SendAsync();
        }
        else
        {
            await PlainAnswer.SendAsync(exchange, request, plan);
        }
    }

    /// <summary>Checks and reads a request; one that is wrong is logged as it came.</summary>
    public static ChatRequest Read(Exchange exchange, ReadOnlyMemory<byte> body, JsonElement root, Func<Exchange, JsonElement, ChatRequest> read)
    {
        try
        {
            exchange.Dialect.CheckVersion(exchange.Http.Request);
            Requests.CheckKey(exchange);
            return read(exchange, root);
        }
        catch (ApiErrorException)
        {
            exchange.Log(body, Requests.ModelOf(exchange, root), stream: false, fault: null);
            throw;
        }
    }
}
