using System.Net;

namespace Relay.Api.Tests.Http;

public class MethodTests
{
    [Theory]
    [InlineData("POST", "/api/v1/models")]
    [InlineData("PUT", "/api/v1/models/chat")]
    [InlineData("DELETE", "/api/v1/models/openai/gpt-4.1")]
    [InlineData("PATCH", "/api/v1/info")]
    [InlineData("POST", "/api/v1/targets")]
    [InlineData("PUT", "/api/v1/targets/openai/gpt-4.1")]
    [InlineData("POST", "/api/v1/series")]
    [InlineData("OPTIONS", "/")]
    [InlineData("POST", "/healthz")]
    [InlineData("MAKEUP", "/relay.js")]
    public async Task OtherMethod_405WithAllow(string method, string path)
    {
        await using var api = await RunningApi.StartAsync();
        using var answer = await api.SendAsync(method, path);
        await RunningApi.AssertErrorAsync(answer, HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        Assert.Equal(["GET", "HEAD"], answer.Content.Headers.Allow.Order());
    }

    [Fact]
    public async Task PostWithBody_405WithoutReadingIt()
    {
        await using var api = await RunningApi.StartAsync();
        using var body = new StringContent(new string('x', 100_000));
        using var answer = await api.Client.PostAsync(new Uri("/api/v1/models", UriKind.Relative), body);
        await RunningApi.AssertErrorAsync(answer, HttpStatusCode.MethodNotAllowed, "method_not_allowed");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/relay.css")]
    [InlineData("/api/v1/models")]
    [InlineData("/api/v1/models/chat")]
    [InlineData("/api/v1/targets")]
    [InlineData("/api/v1/targets/openai/gpt-4.1")]
    [InlineData("/api/v1/series?metric=requests")]
    [InlineData("/api/v1/info")]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    public async Task Head_200WithoutBody(string path)
    {
        await using var api = await RunningApi.StartAsync();
        using var head = await api.SendAsync("HEAD", path);
        using var get = await api.SendAsync("GET", path);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal("", await head.Content.ReadAsStringAsync());
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
    }

    [Theory]
    [InlineData("/nope")]
    [InlineData("/api/v1")]
    [InlineData("/api/v2/models")]
    [InlineData("/index.html")]
    [InlineData("/..%2f..%2fetc/passwd")]
    public async Task UnknownPath_404InErrorShape(string path)
    {
        await using var api = await RunningApi.StartAsync();
        using var answer = await api.SendAsync("GET", path);
        await RunningApi.AssertErrorAsync(answer, HttpStatusCode.NotFound, "not_found");
    }
}
