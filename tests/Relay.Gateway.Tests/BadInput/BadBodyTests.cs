using System.Text;
using System.Text.Json;
using Relay.Gateway.Config;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.BadInput;

/// <summary>Bodies that cannot be served: each gets a clear error, and the next good request is served.</summary>
public sealed class BadBodyTests
{
    private const string Messages = "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]";

    public static TheoryData<string, int, string?> Bodies => new()
    {
        { "", 400, null },
        { "hello", 400, null },
        { "[]", 400, null },
        { "[1,", 400, null },
        { "null", 400, null },
        { "\"text\"", 400, null },
        { "{", 400, null },
        { "{\"model\":\"chat-default\"," + Messages, 400, null },
        { "{\"model\":\"chat-default\"," + Messages + "}}", 400, null },
        { "{\"model\":\"chat-default\"," + Messages + "} x", 400, null },
        { "{\"model\":\"chat-default\"," + Messages + ",}", 400, null },
        { "{'model':'chat-default'}", 400, null },
        { "\uFEFF{\"model\":\"chat-default\"," + Messages + "}", 400, null },
        { "{}", 400, "model" },
        { "{" + Messages + "}", 400, "model" },
        { "{\"model\":null," + Messages + "}", 400, "model" },
        { "{\"model\":7," + Messages + "}", 400, "model" },
        { "{\"model\":[\"chat-default\"]," + Messages + "}", 400, "model" },
        { "{\"model\":\"\"," + Messages + "}", 400, "model" },
        { "{\"model\":\"\\ud800\"," + Messages + "}", 400, "model" },
        { "{\"model\":\"chat-default\",\"model\":\"chat-default\"," + Messages + "}", 400, "model" },
        { "{\"model\":\"chat-default\",\"mod\\u0065l\":\"other\"," + Messages + "}", 400, "model" },
        { "{\"model\":\"no-such\"," + Messages + "}", 404, "model" },
        { "{\"model\":\"CHAT-DEFAULT\"," + Messages + "}", 404, "model" },
        { "{\"model\":\"chat-default\"}", 400, "messages" },
        { "{\"model\":\"chat-default\",\"messages\":[]}", 400, "messages" },
        { "{\"model\":\"chat-default\",\"messages\":null}", 400, "messages" },
        { "{\"model\":\"chat-default\",\"messages\":{}}", 400, "messages" },
        { "{\"model\":\"chat-default\",\"messages\":\"hello\"}", 400, "messages" },
        { "{\"model\":\"chat-default\",\"messages\":[{},7]}", 400, "messages[1]" },
        { "{\"model\":\"chat-default\"," + Messages + "," + Messages + "}", 400, "messages" },
        { "{\"model\":\"chat-default\"," + Messages + ",\"stream\":\"true\"}", 400, "stream" },
        { "{\"model\":\"chat-default\"," + Messages + ",\"stream\":1}", 400, "stream" },
        { "{\"model\":\"chat-default\"," + Messages + ",\"stream\":true,\"stream\":false}", 400, "stream" },
        { "{\"model\":\"chat-default\"," + Messages + ",\"stream\":true,\"stream_options\":true}", 400, "stream_options" },
        { "{\"model\":\"chat-default\"," + Messages + ",\"stream\":true,\"stream_options\":[]}", 400, "stream_options" },
        { "{\"model\":\"chat-default\"," + Messages + ",\"stream\":true,\"stream_options\":{},\"stream_options\":{}}", 400, "stream_options" },
        { "{\"model\":\"chat-default\"," + Messages + ",\"stream\":true,\"stream_options\":{\"include_usage\":1}}", 400, "stream_options.include_usage" },
        { "{\"model\":\"chat-default\"," + Messages + ",\"n\":\"two\"}", 400, "n" },
        { "{\"model\":\"chat-default\"," + Messages + ",\"n\":0}", 400, "n" },
        { "{\"model\":\"chat-default\"," + Messages + ",\"n\":99999999999}", 400, "n" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task WrongBody_GetsAClearErrorAndTheNextRequestIsServed(string body, int status, string? param)
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Simulators = 1 });

        await AssertRefusedAsync(rig, Encoding.UTF8.GetBytes(body), status, param);
    }

    [Theory]
    [InlineData("{\"input\":\"x\"}", "model")]
    [InlineData("{\"model\":\"chat-default\"}", "input")]
    [InlineData("{\"model\":\"chat-default\",\"input\":7}", "input")]
    [InlineData("{\"model\":\"chat-default\",\"input\":\"x\",\"input\":\"x\"}", "input")]
    public async Task WrongEmbeddingsBody_GetsAClearError(string body, string param)
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Simulators = 1 });

        await AssertRefusedAsync(rig, Encoding.UTF8.GetBytes(body), 400, param, "/v1/embeddings");
    }

    [Fact]
    public async Task InvalidUtf8_IsRefused()
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Simulators = 1 });
        foreach (var odd in new byte[][] { [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82] })
        {
            await AssertRefusedAsync(rig, [.. "{\"model\":\"chat-default\",\"x\":\""u8, .. odd, .. "\"}"u8], 400, null);
        }
    }

    [Theory]
    [InlineData('[', ']')]
    [InlineData('[', ' ')]
    [InlineData('{', ' ')]
    public async Task NestingAHundredThousandLevelsDeep_IsRefused(char open, char close)
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Simulators = 1 });
        var deep = open == '[' ? new string('[', 100_000) + new string(close, 100_000) : string.Concat(Enumerable.Repeat("{\"a\":", 100_000));

        await AssertRefusedAsync(rig, Encoding.UTF8.GetBytes(deep), 400, null);
        await AssertRefusedAsync(rig, Encoding.UTF8.GetBytes("{\"model\":\"chat-default\"," + Messages + ",\"x\":" + deep + "}"), 400, null);
    }

    [Fact]
    public async Task ManyNamesWithLoneSurrogates_AreCheap()
    {
        // A comparison that throws for each would take minutes.
        await using var rig = await Rig.StartAsync(new RigOptions { Simulators = 1 });
        var names = string.Concat(Enumerable.Repeat("\"\\ud800\\ud800\\ud800\":0,", 200_000));

        await AssertRefusedAsync(rig, Encoding.UTF8.GetBytes("{" + names + "\"model\":7}"), 400, "model");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task BodyOverTheLimit_Gets413(bool chunked)
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Simulators = 1, Config = c => c with { Limits = new LimitOptions { MaxRequestBodyBytes = 4096 } } });
        var body = Rig.Body(new string('x', 5000));

        var answer = chunked
            ? await RawClient.ExchangeAsync(rig.Gateway.Url, Encoding.UTF8.GetBytes(
                $"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n{body.Length:x}\r\n{body}\r\n0\r\n\r\n"))
            : await RawClient.PostAsync(rig.Gateway.Url, Encoding.UTF8.GetBytes(body));

        Assert.Equal(413, answer.Status);
        Assert.Equal("request_too_large", answer.Error.GetProperty("code").GetString());
        Assert.Equal(0, rig.Primary.Log.Total);
        Assert.Equal(200, (await rig.ChatAsync()).Status);
    }

    [Fact]
    public async Task BodyAtTheLimit_IsServed()
    {
        var body = Encoding.UTF8.GetBytes(Rig.Body(new string('x', 5000)));
        await using var rig = await Rig.StartAsync(new RigOptions { Simulators = 1, Config = c => c with { Limits = new LimitOptions { MaxRequestBodyBytes = body.Length } } });

        Assert.Equal(200, (await RawClient.PostAsync(rig.Gateway.Url, body)).Status);
    }

    private static async Task AssertRefusedAsync(Rig rig, byte[] body, int status, string? param, string path = "/v1/chat/completions")
    {
        var answer = await RawClient.PostAsync(rig.Gateway.Url, body, path: path);

        Assert.Equal((status, "application/json"), (answer.Status, answer.Headers["content-type"].Split(';')[0]));
        var shown = answer.Error.GetProperty("param");
        Assert.Equal(param, shown.ValueKind == JsonValueKind.Null ? null : shown.GetString());
        Assert.Equal("invalid_request_error", answer.Error.GetProperty("type").GetString());
        Assert.Equal(200, (await rig.ChatAsync()).Status);
    }
}
