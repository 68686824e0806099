using System.Net;
using System.Text;
using Relay.Api.Grpc;
using Relay.Core.Errors;
using Relay.Grpc;
using Relay.Silo.Grains;
using Relay.V1;

namespace Relay.Api.Tests.Grpc;

/// <summary>The gRPC port itself: whom it answers, health, reflection.</summary>
public sealed class GrpcPortTests
{
    private const string Info = "/relay.v1.Stats/GetInfo";
    private const string Check = "/grpc.health.v1.Health/Check";
    private const int Serving = 1;
    private const int NotServing = 2;

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1:8091")]
    [InlineData("[::1]:8091")]
    [InlineData("relay.example.com")]
    public async Task HostOfOurs_IsAnswered(string authority)
    {
        await using var api = await RunningApi.StartAsync(configure: options => options with { AllowedHosts = ["relay.example.com"] });
        using var http = Http(api);
        using var answer = await SendAsync(http, Info, [], ("Host", authority));
        Assert.Equal("0", answer.TrailingHeaders.GetValues("grpc-status").Single());
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("127.0.0.1.nip.io:8091")]
    public async Task ForeignHost_IsPermissionDeniedInGrpcsForm(string authority)
    {
        await using var api = await RunningApi.StartAsync();
        using var http = Http(api);
        foreach (var path in new[] { Info, Check, "/relay.v1.Nothing/At" })
        {
            using var answer = await SendAsync(http, path, [], ("Host", authority));
            Assert.Equal((HttpStatusCode.OK, "7"), (answer.StatusCode, answer.Headers.GetValues("grpc-status").Single()));
            Assert.Contains("does not answer to the host", answer.Headers.GetValues("grpc-message").Single(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ForeignOrigin_IsPermissionDenied()
    {
        await using var api = await RunningApi.StartAsync();
        using var http = Http(api);
        using var answer = await SendAsync(http, Info, [], ("Origin", "http://evil.example"));
        Assert.Equal("7", answer.Headers.GetValues("grpc-status").Single());
    }

    [Fact]
    public async Task LargeRequest_IsResourceExhausted()
    {
        await using var api = await RunningApi.StartAsync();
        using var client = new StatsClient(api.GrpcEndPoint);
        var status = await client.FailAsync<GetModelRequest, GetModelResponse>(new() { Model = new string('x', 70_000) });
        Assert.Equal((GrpcStatusCode.ResourceExhausted, ErrorKind.TooLarge), (status.Code, status.Kind));
    }

    [Theory]
    [InlineData("")]
    [InlineData("relay.v1.Stats")]
    public async Task Health_FollowsTheGrains(string service)
    {
        var answers = true;
        using var log = new CapturedLog();
        await using var api = await RunningApi.StartAsync(grains: new FakeGrains(_ => answers ? Task.FromResult(FakeGrains.Empty) : throw new IOException("away")), log: log);
        using var http = Http(api);
        Assert.Equal(Serving, await HealthAsync(http, service));

        answers = false;
        await LookAsync(api);
        await LookAsync(api);
        Assert.Equal(NotServing, await HealthAsync(http, service));
        Assert.Single(log.Events, e => e.Id == 3001);

        answers = true;
        await LookAsync(api);
        Assert.Equal(Serving, await HealthAsync(http, service));
    }

    [Fact]
    public async Task Health_GrainsThatHang_AreNotServingAfterTwoSeconds()
    {
        var never = new TaskCompletionSource<MeterStats>();
        await using var api = await RunningApi.StartAsync(grains: new FakeGrains(_ => never.Task));
        using var http = Http(api);

        await api.Time.ArmedAsync(TimeSpan.FromSeconds(2));
        api.Time.Advance(TimeSpan.FromSeconds(2));
        await api.Time.ArmedAsync(GrpcReadiness.Every);

        Assert.Equal(NotServing, await HealthAsync(http, ""));
    }

    [Fact]
    public async Task Reflection_KnowsTheService()
    {
        await using var api = await RunningApi.StartAsync();
        using var http = Http(api);

        // list_services is field 7, a text.
        using var answer = await SendAsync(http, "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", [0x3a, 0x00]);
        Assert.Contains("relay.v1.Stats", Encoding.Latin1.GetString(await answer.Content.ReadAsByteArrayAsync(Patience.Token)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HttpPath_IsNotServedOnTheGrpcPort()
    {
        await using var api = await RunningApi.StartAsync();
        using var http = Http(api);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/models") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var answer = await http.SendAsync(request, Patience.Token);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Content-Security-Policy"));
    }

    private static async Task LookAsync(RunningApi api)
    {
        await api.Time.ArmedAsync(GrpcReadiness.Every);
        api.Time.Advance(GrpcReadiness.Every);
        await api.Time.ArmedAsync(GrpcReadiness.Every);
    }

    private static async Task<int> HealthAsync(HttpClient http, string service)
    {
        using var answer = await SendAsync(http, Check, [0x0a, (byte)service.Length, .. Encoding.ASCII.GetBytes(service)]);
        var body = await answer.Content.ReadAsByteArrayAsync(Patience.Token);
        Assert.Equal((7, 0x08), (body.Length, body[5]));
        return body[6];
    }

    private static HttpClient Http(RunningApi api) => new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://{api.GrpcEndPoint}") };

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, string path, byte[] message, params (string Name, string Value)[] headers)
    {
        var content = new ByteArrayContent([0, 0, 0, 0, (byte)message.Length, .. message]);
        content.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = content };
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return await http.SendAsync(request, Patience.Token);
    }
}
