using System.Net;
using Microsoft.Extensions.Logging;
using Relay.Silo.Grains;

namespace Relay.Api.Tests.Http;

public class HealthTests
{
    [Fact]
    public async Task GrainsAnswer_HealthyAndReady()
    {
        await using var api = await RunningApi.StartAsync([]);
        Assert.Equal("""{"status":"ok"}""", (await api.GetJsonAsync("/healthz")).GetRawText());
        Assert.Equal("""{"status":"ready"}""", (await api.GetJsonAsync("/readyz")).GetRawText());
    }

    [Fact]
    public async Task GrainsThrow_HealthyNotReady()
    {
        using var log = new CapturedLog();
        await using var api = await RunningApi.StartAsync(grains: new FakeGrains(_ => throw new IOException("no way there")), log: log);
        using var answer = await api.SendAsync("GET", "/readyz");
        await RunningApi.AssertErrorAsync(answer, HttpStatusCode.ServiceUnavailable, "not_ready");
        Assert.Contains(log.Events, e => e is { Id: 3001, Level: LogLevel.Warning });
        Assert.Equal("""{"status":"ok"}""", (await api.GetJsonAsync("/healthz")).GetRawText());
    }

    [Fact]
    public async Task GrainsHang_NotReadyAfterTwoSeconds()
    {
        var never = new TaskCompletionSource<MeterStats>();
        await using var api = await RunningApi.StartAsync(grains: new FakeGrains(_ => never.Task));
        var armed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        api.Time.TimersChanged += () => armed.TrySetResult();

        var asking = api.SendAsync("GET", "/readyz");
        await armed.Task;
        api.Time.Advance(TimeSpan.FromSeconds(2));
        using var answer = await asking;
        await RunningApi.AssertErrorAsync(answer, HttpStatusCode.ServiceUnavailable, "not_ready");
    }

    [Fact]
    public async Task GrainsThrow_StatsAre500WithoutTheReason()
    {
        using var log = new CapturedLog();
        await using var api = await RunningApi.StartAsync(grains: new FakeGrains(_ => throw new IOException("secret path")), log: log);
        using var answer = await api.SendAsync("GET", "/api/v1/models");
        await RunningApi.AssertErrorAsync(answer, HttpStatusCode.InternalServerError, "internal");
        Assert.DoesNotContain("secret", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(3000, Assert.Single(log.Events, e => e.Level == LogLevel.Error).Id);
    }

    [Fact]
    public async Task AnsweredRequests_LogNothingAtInformation()
    {
        using var log = new CapturedLog();
        await using var api = await RunningApi.StartAsync(log: log);
        var before = log.Events.Count(e => e.Category.StartsWith("Relay", StringComparison.Ordinal));
        _ = await api.GetJsonAsync("/api/v1/models");
        _ = await api.GetJsonAsync("/api/v1/info");
        Assert.Equal(before, log.Events.Count(e => e.Category.StartsWith("Relay", StringComparison.Ordinal)));
    }
}
