using Relay.Grpc.Health;
using Relay.Grpc.Tests.Kit;
using Relay.Grpc.Wire.Health;
using Relay.TestKit;
using static Relay.Grpc.Wire.Health.HealthCheckResponse.Types;

namespace Relay.Grpc.Tests.Standard;

public sealed class HealthTests
{
    private const string Check = "/grpc.health.v1.Health/Check";
    private const string Watch = "/grpc.health.v1.Health/Watch";

    [Fact]
    public async Task Check_TellsWhatWasSet()
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);

        Assert.Equal(ServingStatus.Serving, await CheckAsync(raw, HealthService.Whole));
        Assert.Equal(ServingStatus.Serving, await CheckAsync(raw, EchoHost.ServiceName));
        host.Health.Set(EchoHost.ServiceName, isServing: false);
        Assert.Equal(ServingStatus.Serving, await CheckAsync(raw, HealthService.Whole));
        Assert.Equal(ServingStatus.NotServing, await CheckAsync(raw, EchoHost.ServiceName));
    }

    [Fact]
    public async Task Check_OfAnotherServiceIsNotFound()
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);

        var answer = await raw.CallAsync(Check, RawGrpc.Frame(new HealthCheckRequest { Service = "other" }));

        Assert.Equal(GrpcStatusCode.NotFound, answer.Status);
        Assert.Throws<ArgumentException>(() => host.Health.Set("other", isServing: true));
    }

    [Fact]
    public async Task Watch_TellsEachChangeOnce()
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);
        await using var watch = new RawStream(raw, Watch);
        await watch.SendAsync(new HealthCheckRequest { Service = EchoHost.ServiceName });
        watch.EndRequests();

        Assert.Equal(ServingStatus.Serving, await NextAsync(watch));
        host.Health.Set(EchoHost.ServiceName, isServing: true);
        host.Health.Set(HealthService.Whole, isServing: false);
        host.Health.Set(EchoHost.ServiceName, isServing: false);
        Assert.Equal(ServingStatus.NotServing, await NextAsync(watch));
        host.Health.Set(EchoHost.ServiceName, isServing: true);
        Assert.Equal(ServingStatus.Serving, await NextAsync(watch));
    }

    [Fact]
    public async Task Watch_OfAnotherServiceSaysSoAndGoesOn()
    {
        var time = new ManualTimeProvider();
        await using var host = await EchoHost.StartAsync(time: time);
        using var raw = new RawGrpc(host.Grpc);
        await using var watch = new RawStream(raw, Watch, ("grpc-timeout", "1S"));
        await watch.SendAsync(new HealthCheckRequest { Service = "other" });
        watch.EndRequests();

        Assert.Equal(ServingStatus.ServiceUnknown, await NextAsync(watch));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await watch.ReadAsync(HealthCheckResponse.Parser));
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, await watch.StatusAsync());
    }

    [Fact]
    public async Task StopOfTheServer_TellsWatchersAndIsNotHeldUpByThem()
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);
        await using var watch = new RawStream(raw, Watch);
        await watch.SendAsync(new HealthCheckRequest());
        watch.EndRequests();
        Assert.Equal(ServingStatus.Serving, await NextAsync(watch));

        var stopping = host.StopAsync();

        Assert.Equal(ServingStatus.NotServing, await NextAsync(watch));
        Assert.Null(await watch.ReadAsync(HealthCheckResponse.Parser));
        Assert.Equal(GrpcStatusCode.Unavailable, await watch.StatusAsync());
        await stopping;
    }

    private static async Task<ServingStatus> CheckAsync(RawGrpc raw, string service)
    {
        var answer = await raw.CallAsync(Check, RawGrpc.Frame(new HealthCheckRequest { Service = service }));
        Assert.Equal(GrpcStatusCode.Ok, answer.Status);
        return HealthCheckResponse.Parser.ParseFrom(answer.Frames().Single().Message).Status;
    }

    private static async Task<ServingStatus> NextAsync(RawStream watch) => (await watch.ReadAsync(HealthCheckResponse.Parser))!.Status;
}
