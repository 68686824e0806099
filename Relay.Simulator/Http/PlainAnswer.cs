using System.Text.Json;

namespace Relay.Simulator;

/// <summary>A chat answer in one body.</summary>
internal static class PlainAnswer
{
    public static async Task SendAsync(Exchange exchange, ChatRequest request, AnswerPlan plan)
    {
        using var body = new PooledBytes(Math.Max(2048, exchange.Options.PadResponseToBytes + 512));
        Write(body, exchange, request, plan);
        var words = plan.Choices[0].Count;
        var delayMs = exchange.Pace.FirstTokenMs() + exchange.Pace.TokensMs(Math.Max(0, words - 1));
        await SendBodyAsync(exchange, body, delayMs, request.PromptTokens);
        if (!exchange.Broken && !exchange.Aborted.IsCancellationRequested)
        {
            exchange.Entry!.WordsSent = words;
        }
    }

    /// <summary>Sends a JSON body after its time, with the faults that any plain answer can have.</summary>
    public static async Task SendBodyAsync(Exchange exchange, PooledBytes body, double delayMs, int promptTokens)
    {
        var fault = exchange.Fault;
        if (fault?.Kind == FaultKind.HeadersThenSilence)
        {
            exchange.StartAnswer(200, "application/json", promptTokens);
            exchange.Http.Response.ContentLength = body.Length;
            await exchange.Http.Response.BodyWriter.FlushAsync(exchange.Aborted);
            await exchange.Pace.PauseAsync(fault.Duration, exchange.Aborted);
            if (fault.End == FaultEnd.Continue)
            {
                await exchange.SendAsync(body.WrittenMemory);
            }
            else
            {
                // A clean end is impossible once a length was announced: FIN stands in for it.
                await (fault.End == FaultEnd.Clean ? exchange.TruncateAsync() : Cut(exchange));
            }

            return;
        }

        await exchange.Pace.WaitAsync(delayMs, exchange.Aborted);
        exchange.StartAnswer(200, "application/json", promptTokens);
        switch (fault?.Kind)
        {
            case FaultKind.TruncatedBody:
                exchange.Http.Response.ContentLength = body.Length;
                await exchange.Http.Response.BodyWriter.WriteAsync(body.WrittenMemory[..(body.Length / 2)], exchange.Aborted);
                await exchange.TruncateAsync();
                break;
            case FaultKind.BadJsonBody:
                exchange.Faulted = true;
                await exchange.SendAsync(body.WrittenMemory[..(body.Length * 2 / 3)]);
                break;
            default:
                exchange.Faulted = fault?.Kind is FaultKind.EmptyChoices or FaultKind.NoUsage or FaultKind.NoFinish or FaultKind.RefusalAfter;
                await exchange.SendAsync(body.WrittenMemory);
                break;
        }
    }

    private static Task Cut(Exchange exchange)
    {
        exchange.Cut();
        return Task.CompletedTask;
    }

    private static void Write(PooledBytes body, Exchange exchange, ChatRequest request, AnswerPlan plan)
    {
        using var json = new Utf8JsonWriter(body, PooledBytes.JsonOptions);
        json.WriteStartObject();
        exchange.Dialect.WriteAnswer(json, exchange, request, plan);
        json.Flush();
        var padding = exchange.Options.PadResponseToBytes - body.Length - ""","padding":""}""".Length;
        if (padding > 0)
        {
            json.WriteString("padding"u8, new string('x', padding));
        }

        json.WriteEndObject();
    }
}
