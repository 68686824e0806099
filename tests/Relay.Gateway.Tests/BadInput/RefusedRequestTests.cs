using System.Text;
using System.Text.Json;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.BadInput;

/// <summary>What the web server refuses by itself, because it is no HTTP or too large: OpenAI's shape all the same, counted, and the process serves on.</summary>
public sealed class RefusedRequestTests
{
    private const string Post = "POST /v1/chat/completions HTTP/1.1\r\n";
    private const string Local = "Host: localhost\r\n";

    public static TheoryData<string, string> Broken => new()
    {
        { "no HTTP", "nonsense\r\n\r\n" },
        { "no version", "GET /healthz\r\n\r\n" },
        { "no Host", Post + "\r\n" },
        { "two Hosts", Post + Local + Local + "\r\n" },
        { "negative length", Post + Local + "Content-Length: -1\r\n\r\n" },
        { "length that is no number", Post + Local + "Content-Length: ten\r\n\r\n" },
        { "two lengths", Post + Local + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}" },
        { "header without a name", Post + Local + ": x\r\n\r\n" },
        { "NUL in a key", Post + Local + "Authorization: Bearer a\0b\r\n\r\n" },
        { "no UTF-8 in a key", Post + Local + "Authorization: Bearer \u00ff\u00fe\r\n\r\n" },
        { "space before the colon", Post + Local + "x : y\r\n\r\n" },
        { "TLS", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003" + new string('x', 600) + "\r\n" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task NoHttp_Gets400InOpenAisShapeAndIsCounted(string what, string request)
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Simulators = 1 });

        var answer = await SendAsync(rig, request);

        Assert.True(answer.Status == 400, what);
        AssertShape(answer);
        Assert.Contains("relay_rejected_requests_total{error_type=\"invalid_request\"} 1\n", rig.Scrape(), StringComparison.Ordinal);
        Assert.DoesNotContain("nonsense", answer.Text, StringComparison.Ordinal);
        Assert.Equal(200, (await rig.ChatAsync()).Status);
    }

    /// <summary>A little over Relay's limits, and over the server's own, which are wider.</summary>
    [Theory]
    [InlineData(9_000)]
    [InlineData(40_000)]
    public async Task PathAndQueryTooLong_Gets414(int length)
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Simulators = 1 });

        var answer = await SendAsync(rig, $"GET /v1/models?x={new string('x', length)} HTTP/1.1\r\n{Local}Connection: close\r\n\r\n");

        Assert.Equal((414, "url_too_long"), (answer.Status, answer.Error.GetProperty("code").GetString()));
        Assert.Contains("relay_rejected_requests_total{error_type=\"invalid_request\"} 1\n", rig.Scrape(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(150, 10)]
    [InlineData(500, 10)]
    [InlineData(2, 40_000)]
    [InlineData(2, 140_000)]
    public async Task HeadersTooManyOrTooLarge_Get431(int count, int length)
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Simulators = 1 });
        var headers = string.Concat(Enumerable.Range(0, count).Select(i => $"x-{i}: {new string('x', length)}\r\n"));

        var answer = await SendAsync(rig, $"GET /v1/models HTTP/1.1\r\n{Local}Connection: close\r\n{headers}\r\n");

        Assert.Equal((431, "headers_too_large"), (answer.Status, answer.Error.GetProperty("code").GetString()));
        Assert.Contains("relay_rejected_requests_total{error_type=\"invalid_request\"} 1\n", rig.Scrape(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PathAtTheLimit_IsServed()
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Simulators = 1 });

        var answer = await SendAsync(rig, $"GET /v1/models?x={new string('x', 8 * 1024 - "/v1/models?x=".Length)} HTTP/1.1\r\n{Local}Connection: close\r\n\r\n");

        Assert.Equal(200, answer.Status);
    }

    [Fact]
    public async Task BrokenRequestAfterGoodOnes_LeavesTheirAnswersWhole()
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Simulators = 1 });

        var all = Encoding.UTF8.GetString(await ExchangeAsync(rig, $"GET /healthz HTTP/1.1\r\n{Local}\r\nGET /v1/models HTTP/1.1\r\n{Local}\r\nnonsense\r\n\r\n"));

        var answers = all.Split("HTTP/1.1 ", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["200", "200", "400"], answers.Select(a => a[..3]));
        Assert.Contains("ok\n\r\n0\r\n\r\n", answers[0], StringComparison.Ordinal);
        AssertShape(RawAnswer.Parse(Encoding.UTF8.GetBytes("HTTP/1.1 " + answers[2])));
    }

    [Fact]
    public async Task BrokenRequestToAnotherApi_GetsItsShape()
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Simulators = 1 });

        var answer = await SendAsync(rig, $"POST /v1/messages HTTP/1.1\r\n{Local}Content-Length: -1\r\n\r\n");

        using var json = JsonDocument.Parse(answer.Body);
        Assert.Equal((400, "error"), (answer.Status, json.RootElement.GetProperty("type").GetString()));
        Assert.Equal("invalid_request_error", json.RootElement.GetProperty("error").GetProperty("type").GetString());
    }

    [Fact]
    public async Task BrokenHead_GetsNoBody()
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Simulators = 1 });

        var answer = await SendAsync(rig, $"HEAD /v1/models HTTP/1.1\r\n{Local}Content-Length: -1\r\n\r\n");

        Assert.Equal((400, 0), (answer.Status, answer.Body.Length));
    }

    [Fact]
    public async Task Http2Client_IsToldInHttp2ThatThisIsHttp1()
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Simulators = 1 });

        var answer = await ExchangeAsync(rig, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

        // RFC 9113: a GOAWAY frame (type 7) with HTTP_1_1_REQUIRED (13).
        Assert.Equal((7, 13), (answer[^14], answer[^1]));
    }

    [Fact]
    public async Task OtherVersionOfHttp_Gets505()
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Simulators = 1 });

        Assert.Equal(505, (await SendAsync(rig, "GET / HTTP/9.9\r\n\r\n")).Status);
        Assert.Equal(200, (await rig.ChatAsync()).Status);
    }

    private static void AssertShape(RawAnswer answer)
    {
        Assert.Equal("invalid_request_error", answer.Error.GetProperty("type").GetString());
        Assert.Equal(("application/json", "close"), (answer.Headers["content-type"], answer.Headers["connection"]));
        Assert.Equal(answer.Headers["content-length"], answer.Body.Length.ToString());
        Assert.True(DateTimeOffset.TryParseExact(answer.Headers["date"], "R", null, default, out _));
    }

    private static async Task<RawAnswer> SendAsync(Rig rig, string request) => RawAnswer.Parse(await ExchangeAsync(rig, request));

    private static async Task<byte[]> ExchangeAsync(Rig rig, string request)
    {
        using var client = await RawClient.ConnectAsync(rig.Gateway.Url);
        await client.SendAsync(Encoding.Latin1.GetBytes(request));
        return await client.DrainAsync();
    }
}
