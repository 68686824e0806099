using System.Text;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.BadInput;

/// <summary>Requests that are wrong below JSON.</summary>
public sealed class BadHttpTests
{
    [Theory]
    [InlineData("GET", "/v1/chat/completions", "POST")]
    [InlineData("PUT", "/v1/chat/completions", "POST")]
    [InlineData("DELETE", "/v1/embeddings", "POST")]
    [InlineData("POST", "/v1/models", "GET")]
    [InlineData("PATCH", "/v1/models/chat-default", "GET")]
    [InlineData("POST", "/healthz", "GET")]
    public async Task WrongMethod_Gets405WithAllow(string method, string path, string allow)
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Simulators = 1 });

        var answer = await SendAsync(rig, $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        Assert.Equal((405, allow), (answer.Status, answer.Headers["allow"]));
        Assert.Equal("method_not_allowed", answer.Error.GetProperty("code").GetString());
        Assert.Contains("relay_rejected_requests_total{error_type=\"invalid_request\"} 1\n", rig.Scrape(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("POST", "/v1/chat/completion")]
    [InlineData("POST", "/chat/completions")]
    [InlineData("POST", "/v1/v1/chat/completions")]
    [InlineData("GET", "/v1")]
    public async Task WrongPath_Gets404ThatNamesTheRightOnes(string method, string path)
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Simulators = 1 });

        var answer = await SendAsync(rig, $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        Assert.Equal((404, "unknown_url"), (answer.Status, answer.Error.GetProperty("code").GetString()));
        Assert.Contains("/v1/chat/completions", answer.Error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("relay_rejected_requests_total{error_type=\"invalid_request\"} 1\n", rig.Scrape(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zz\r\n{}\r\n0\r\n\r\n")]
    [InlineData("5\r\n{}\r\n0\r\n\r\n")]
    [InlineData("-1\r\n{}\r\n0\r\n\r\n")]
    public async Task BrokenChunkedEncoding_IsRefused(string chunks)
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Simulators = 1 });

        var answer = await SendAsync(rig, "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + chunks);

        Assert.Equal(400, answer.Status);
        Assert.Equal("invalid_request_error", answer.Error.GetProperty("type").GetString());
        Assert.Equal(200, (await rig.ChatAsync()).Status);
    }

    [Fact]
    public async Task BodyThatEndsBeforeItsLength_LeavesTheProcessServing()
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Simulators = 1 });
        using (var client = await RawClient.ConnectAsync(rig.Gateway.Url))
        {
            await client.SendAsync("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\n{\"model\":");
            client.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
            await client.DrainAsync();
        }

        Assert.Equal(200, (await rig.ChatAsync()).Status);
        Assert.Equal(1, rig.Primary.Log.Total);
    }

    [Theory]
    [InlineData(1, 70_000)]
    [InlineData(90, 1_000)]
    public async Task HeadersOverTheLimit_AreRefusedInOpenAisShape(int count, int length)
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Simulators = 1 });
        var headers = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            headers.Append($"x-{i}: {new string('x', length)}\r\n");
        }

        var answer = await RawClient.PostAsync(rig.Gateway.Url, Encoding.UTF8.GetBytes(Rig.Body()), headers.ToString());

        Assert.Equal((431, "headers_too_large"), (answer.Status, answer.Error.GetProperty("code").GetString()));
        Assert.Equal(200, (await rig.ChatAsync()).Status);
    }

    private static Task<RawAnswer> SendAsync(Rig rig, string request) => RawClient.ExchangeAsync(rig.Gateway.Url, Encoding.UTF8.GetBytes(request));
}
