using System.Text;
using Relay.Core.Errors;
using Relay.Gateway.Config;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.PassThrough;

/// <summary>What the provider answers is what the client gets, byte for byte.</summary>
public sealed class ResponseBytesTests
{
    public static TheoryData<string> Answers =>
    [
        "{\"choices\":[{}]}",
        "\n {\"x\":1e400, \"x\":\"\\ud800\",\t\"choices\" : [ {\"message\":{\"refusal\":\"No.\",\"content\":null}} ],\"usage\":null }\r\n",
        "{\"cho\\u0069ces\":[{\"logprobs\":{\"content\":[{\"token\":\"é\",\"logprob\":-1.0E-9}]}}],\"usage\":{\"prompt_tokens\":1.5,\"completion_tokens\":\"two\"}}",
        "{\"error\":null,\"choices\":[1,2,3],\"usage\":[],\"service_tier\":\"\u2028\"}",
        "{\"error\":{\"message\":\"beside an answer\"},\"choices\":[{}]}",
    ];

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task PlainAnswer_PassesByteForByte(string answer)
    {
        var bytes = Encoding.UTF8.GetBytes(answer);
        await using var raw = await RawRig.StartAsync(RawUpstream.Json(bytes));

        using var response = await raw.Rig.PostAsync(Rig.Body());

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(bytes, await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task StreamedEvents_PassByteForByte()
    {
        var events = "data:{\"choices\" : [{\"delta\":{\"content\":\"\\u0000é\"},\"x\":1e400}], \"x\":0,\"x\":0}\n\n"
            + "id: 7\nevent: odd\ndata: {\"choices\":\ndata: [{\"delta\":{\"tool_calls\":[{\"index\":0}]}}]}\nretry: 5\n\n"
            + "data: {\"obfuscation\":\"abc\"}\n\n" + Sse.Finish(extra: ",\"usage\":null");
        await using var raw = await RawRig.StreamAsync(events + Sse.Done);

        using var response = await raw.Rig.PostAsync(Rig.Body(stream: true));

        Assert.Equal(events + Sse.Done, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task AnswerOverTheBufferLimit_IsStreamedThroughWithAnEstimate()
    {
        var bytes = Encoding.UTF8.GetBytes("{\"choices\":[{}],\"padding\":\"" + new string('x', 300_000) + "\"}");
        await using var raw = await RawRig.StartAsync(RawUpstream.Json(bytes), Small);

        using var response = await raw.Rig.PostAsync(Rig.Body());

        Assert.Equal(bytes, await response.Content.ReadAsByteArrayAsync());
        Assert.False(response.Headers.Contains("x-relay-cost-usd"));
        Assert.True((await raw.Rig.Records.NextAsync()).Usage!.Value.Estimated);
    }

    [Fact]
    public async Task AnswerOverTheBufferLimitThatBreaksOff_BreaksOffForTheClient()
    {
        await using var raw = await RawRig.StartAsync(
            async call =>
            {
                await call.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500000\r\n\r\n");
                await call.WriteAsync(new string('x', 200_000));
            },
            Small);

        var chat = await raw.Rig.ChatAsync();

        Assert.True(chat.Broken);
        Assert.Equal(ErrorKind.Truncated, (await raw.Rig.Records.NextAsync()).Error);
    }

    private static RigOptions Small => new() { Config = c => c with { Limits = new LimitOptions { MaxPlainBufferBytes = 64 * 1024 } } };
}
