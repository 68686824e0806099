using System.Net;

namespace Relay.Api.Tests.Http;

public class HostGuardTests
{
    private static readonly string[] Paths = ["/", "/relay.js", "/api/v1/models", "/api/v1/models/chat", "/api/v1/targets", "/api/v1/targets/openai/gpt-4.1", "/api/v1/series", "/api/v1/info", "/healthz", "/readyz", "/nope"];

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:1")]
    [InlineData("127.0.0.1:8090")]
    [InlineData("[::1]:8090")]
    [InlineData("relay.example.com")]
    [InlineData("Relay.Example.Com:443")]
    public async Task HostOfOurs_IsAnswered(string host)
    {
        await using var api = await RunningApi.StartAsync(configure: o => o with { AllowedHosts = ["relay.example.com"] });
        using var answer = await api.SendAsync("GET", "/api/v1/info", ("Host", host));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:8090")]
    [InlineData("localhost.evil.example")]
    [InlineData("127.0.0.1.nip.io")]
    [InlineData("relay.example.com.")]
    [InlineData("10.0.0.1")]
    public async Task ForeignHost_403OnEveryPath(string host)
    {
        await using var api = await RunningApi.StartAsync(configure: o => o with { AllowedHosts = ["relay.example.com"] });
        foreach (var path in Paths)
        {
            using var answer = await api.SendAsync("GET", path, ("Host", host));
            await RunningApi.AssertErrorAsync(answer, HttpStatusCode.Forbidden, "host_not_allowed");
        }
    }

    [Fact]
    public async Task NoHost_403()
    {
        await using var api = await RunningApi.StartAsync();
        Assert.Contains(" 403 ", await RawHttp.SendAsync(api.EndPoint, "GET / HTTP/1.0\r\n\r\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost:8090", "http://localhost:8090")]
    [InlineData("localhost:8090", "https://LOCALHOST:8090")]
    [InlineData("localhost", "http://localhost")]
    [InlineData("localhost", "https://localhost")]
    [InlineData("[::1]:8090", "http://[::1]:8090")]
    public async Task SameOrigin_IsAnswered(string host, string origin)
    {
        await using var api = await RunningApi.StartAsync();
        using var answer = await api.SendAsync("GET", "/api/v1/models", ("Host", host), ("Origin", origin));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("http://localhost")]
    [InlineData("http://localhost:3000")]
    [InlineData("http://127.0.0.1:8090")]
    [InlineData("http://localhost:8090.evil.example")]
    [InlineData("http://localhost:8090@evil.example")]
    [InlineData("http://localhost:8090/path")]
    [InlineData("ftp://localhost:8090")]
    [InlineData("null")]
    [InlineData("localhost:8090")]
    [InlineData("")]
    public async Task ForeignOrigin_403OnEveryPathAndMethod(string origin)
    {
        await using var api = await RunningApi.StartAsync();
        foreach (var path in Paths)
        {
            using var answer = await api.SendAsync("GET", path, ("Host", "localhost:8090"), ("Origin", origin));
            await RunningApi.AssertErrorAsync(answer, HttpStatusCode.Forbidden, "origin_not_allowed");
        }

        using var preflight = await api.SendAsync("OPTIONS", "/api/v1/models", ("Host", "localhost:8090"), ("Origin", origin), ("Access-Control-Request-Method", "GET"));
        Assert.Equal(HttpStatusCode.Forbidden, preflight.StatusCode);
    }

    [Fact]
    public async Task ListenAddress_IsAHostOfOurs()
    {
        await using var api = await RunningApi.StartAsync(configure: o => o with { Listen = new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0) });
        Assert.Equal("127.0.0.2", api.EndPoint.Address.ToString());
        using var answer = await api.Client.GetAsync(new Uri("/healthz", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("http://relay.example.com")]
    [InlineData("relay.example.com:8090")]
    [InlineData("relay.example.com/")]
    [InlineData("two words")]
    public async Task AllowedHostThatIsNone_IsRefusedAtCreation(string host)
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(() => RunningApi.StartAsync(configure: o => o with { AllowedHosts = [host] }));
        Assert.Contains($"'{host}'", error.Message, StringComparison.Ordinal);
    }
}
