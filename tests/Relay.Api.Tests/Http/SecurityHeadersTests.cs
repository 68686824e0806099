namespace Relay.Api.Tests.Http;

public class SecurityHeadersTests
{
    [Theory]
    [InlineData("/", "localhost")]
    [InlineData("/api/v1/models", "localhost")]
    [InlineData("/nope", "localhost")]
    [InlineData("/", "evil.example")]
    public async Task EveryAnswer_CarriesThem(string path, string host)
    {
        await using var api = await RunningApi.StartAsync();
        using var answer = await api.SendAsync("GET", path, ("Host", host));

        Assert.Equal("no-store", Header("Cache-Control"));
        Assert.Equal("nosniff", Header("X-Content-Type-Options"));
        Assert.Equal("DENY", Header("X-Frame-Options"));
        Assert.Equal("no-referrer", Header("Referrer-Policy"));
        Assert.Equal("same-origin", Header("Cross-Origin-Resource-Policy"));
        Assert.False(answer.Headers.Contains("Server"));
        var policy = Header("Content-Security-Policy");
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);

        string Header(string name) => Assert.Single(answer.Headers.GetValues(name));
    }
}
