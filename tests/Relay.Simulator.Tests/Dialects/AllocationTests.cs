using Microsoft.AspNetCore.Http;

namespace Relay.Simulator.Tests.Dialects;

/// <summary>The simulator is the provider of benches: what a word costs must not be garbage.</summary>
public class AllocationTests
{
    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/openai/v1/chat/completions")]
    [InlineData("/v1/messages")]
    [InlineData("/v1beta/models/m:streamGenerateContent?alt=sse")]
    [InlineData("/v1beta/models/m:streamGenerateContent")]
    public void Words_OfAStream_AllocateNothing(string path)
    {
        var http = new DefaultHttpContext();
        http.Request.Method = "POST";
        http.Request.Path = path.Split('?')[0];
        http.Request.QueryString = new QueryString(path.Contains('?') ? path[path.IndexOf('?')..] : "");
        var exchange = new Exchange(http, new SimulatorState(new SimulatorOptions { DefaultWords = 2000 }));
        var request = new ChatRequest("m", new Conversation("hello there", "hello there", ConversationRole.User, null, 2)) { Stream = true };
        var plan = AnswerPlan.Of(exchange, request);
        using var output = new PooledBytes(4096);
        using var writer = exchange.Dialect.WriteStream(output, exchange, request, plan);
        writer.Start();
        Write(writer, output, plan.Choices[0], 0, 1000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Write(writer, output, plan.Choices[0], 1000, 900);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Write(StreamWriter writer, PooledBytes output, PlannedChoice choice, int from, int count)
    {
        for (var i = from; i < from + count; i++)
        {
            writer.Words(choice, i, 1);
            output.Clear();
        }
    }
}
