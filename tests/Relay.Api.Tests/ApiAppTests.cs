using System.Net;
using Relay.Silo.Embedded;
using Relay.TestKit;

namespace Relay.Api.Tests;

public class ApiAppTests
{
    [Fact]
    public async Task BeforeStart_ThereIsNoEndPoint()
    {
        await using var app = Create(new IPEndPoint(IPAddress.Loopback, 0));
        Assert.Throws<InvalidOperationException>(() => app.EndPoint);
        Assert.Throws<InvalidOperationException>(() => app.Url);
    }

    [Theory]
    [InlineData("127.0.0.1", "http://127.0.0.1:")]
    [InlineData("::1", "http://[::1]:")]
    [InlineData("0.0.0.0", "http://127.0.0.1:")]
    public async Task PortZero_EndPointAndUrlAreKnownAfterStart(string address, string url)
    {
        await using var app = Create(new IPEndPoint(IPAddress.Parse(address), 0));
        await app.StartAsync(CancellationToken.None);

        Assert.Equal(address, app.EndPoint.Address.ToString());
        Assert.NotEqual(0, app.EndPoint.Port);
        Assert.Equal($"{url}{app.EndPoint.Port}/", app.Url.AbsoluteUri);
        using var client = new HttpClient();
        Assert.Equal("""{"status":"ok"}""", await client.GetStringAsync(new Uri(app.Url, "healthz")));
        await app.StopAsync(CancellationToken.None);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(new Uri(app.Url, "healthz")));
    }

    [Fact]
    public async Task PortTaken_StartSaysSo()
    {
        await using var first = Create(new IPEndPoint(IPAddress.Loopback, 0));
        await first.StartAsync(CancellationToken.None);
        await using var second = Create(first.EndPoint);
        var error = await Assert.ThrowsAsync<IOException>(() => second.StartAsync(CancellationToken.None));
        Assert.Contains($"127.0.0.1:{first.EndPoint.Port}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RequestOverTheLimits_IsRefused()
    {
        await using var api = await RunningApi.StartAsync();
        using var longLine = await api.SendAsync("GET", "/api/v1/models/" + new string('x', 9_000));
        Assert.Equal(HttpStatusCode.RequestUriTooLong, longLine.StatusCode);
        using var longHeaders = await api.SendAsync("GET", "/", ("X-Long", new string('x', 20_000)));
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, longHeaders.StatusCode);
    }

    private static ApiApp Create(IPEndPoint listen)
    {
        var time = new ManualTimeProvider();
        return ApiApp.Create(new ApiOptions { Listen = listen, GrpcListen = new IPEndPoint(IPAddress.Loopback, 0), Version = "1", GatewayUrl = "http://127.0.0.1:8080" }, new EmbeddedGrains(time), new FixedTopology([]), time);
    }
}
