using System.Text;
using Relay.Core.Errors;
using Relay.Gateway.Config;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Limits;

/// <summary>Plain answers around <c>limits.maxPlainBufferBytes</c>.</summary>
public sealed class PlainBufferTests
{
    [Theory]
    [InlineData(100, false)]
    [InlineData(50_000, true)]
    public async Task AnswerOverTheLimit_PassesThroughWithoutCost_AndItsUsageIsEstimated(int length, bool over)
    {
        var body = Encoding.UTF8.GetBytes($$$"""
            {"id":"c1","choices":[{"index":0,"message":{"role":"assistant","content":"{{{new string('x', length)}}}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":11,"completion_tokens":7,"total_tokens":18}}
            """);
        await using var raw = await RawRig.StartAsync(
            RawUpstream.Json(body), new RigOptions { Config = c => c with { Limits = new LimitOptions { MaxPlainBufferBytes = 1_024 } } });

        var chat = await raw.Rig.ChatAsync();

        Assert.Equal((200, !over), (chat.Status, chat.Headers.ContainsKey("x-relay-cost-usd")));
        Assert.Equal(body, chat.Bytes);
        var record = await raw.Rig.Records.NextAsync();
        Assert.Equal((ErrorKind.None, "p0/gpt-sim", over), (record.Error, record.Target, record.Usage!.Value.Estimated));
        Assert.True(over ? record.Usage.Value.TotalOutput > 1_000 : record.Usage.Value.TotalOutput == 7);
    }

    [Theory]
    [InlineData("\"}}]}", false)]
    [InlineData("\"}}]", true)]
    [InlineData("", true)]
    [InlineData("\\\"}}]}", true)]
    public async Task AnswerOverTheLimitThatEndsEarlyWithItsConnection_BreaksTheClientsConnection(string end, bool broken)
    {
        await using var raw = await RawRig.StartAsync(
            async call =>
            {
                // No length is announced: a cut looks like the end.
                await call.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n");
                await call.WriteAsync("{\"id\":\"c1\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"" + new string('x', 50_000) + end);
            },
            new RigOptions { Config = c => c with { Limits = new LimitOptions { MaxPlainBufferBytes = 1_024 } } });
        using var response = await raw.Rig.PostAsync(Rig.Body());

        if (broken)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => response.Content.ReadAsByteArrayAsync());
        }
        else
        {
            Assert.EndsWith("xxx" + end, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        var record = await raw.Rig.Records.NextAsync();
        Assert.Equal(broken ? ErrorKind.Truncated : ErrorKind.None, record.Error);
    }
}
