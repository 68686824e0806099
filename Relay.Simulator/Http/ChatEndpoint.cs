namespace Relay.Simulator;

/// <summary>POST /v1/chat/completions.</summary>
internal static class ChatEndpoint
{
    public static async Task HandleAsync(Exchange exchange)
    {
        using var body = await Requests.ReadBodyAsync(exchange.Http, exchange.Options.MaxRequestBytes, exchange.Aborted);
        using var json = Requests.ParseJson(exchange, body.WrittenMemory);
        ChatRequest request;
        try
        {
            Requests.CheckKey(exchange);
            request = ChatRequest.Read(json.RootElement);
        }
        catch (ApiErrorException)
        {
            exchange.Log(body.WrittenMemory, Requests.ModelOf(json.RootElement), stream: false, fault: null);
            throw;
        }

        var target = new FaultTarget(Chat: true, request.Stream, request.Conversation.Prefill);
        exchange.Log(body.WrittenMemory, request.Model, request.Stream, exchange.State.Faults.Take(request.Model, target));
        if (await EarlyFaults.AppliedAsync(exchange))
        {
            return;
        }

        var plan = AnswerPlan.Of(exchange.Options, exchange.State.Cache, request);
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
}
