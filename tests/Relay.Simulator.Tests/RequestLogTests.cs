using System.Text;
using Relay.TestKit;

namespace Relay.Simulator.Tests;

public class RequestLogTests
{
    [Fact]
    public async Task Entry_HoldsWhatWasSent_NeverTheKey()
    {
        await using var sim = await Sim.StartAsync();
        var body = Sim.Body("\"stream\":true,\"unknown\":{\"kept\":[1,2]}", model: "m-1");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(body) };
        request.Headers.Add("Authorization", "Bearer sk-secret");
        request.Headers.Add("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        using var response = await sim.Http.SendAsync(request, sim.Limit);
        var entry = await sim.Server.Log.WaitForAsync(e => e.Ending == RequestEnding.Completed, sim.Limit);
        Assert.Equal(("/v1/chat/completions", "m-1", true, true, 200, 12, 1L), (entry.Path, entry.Model, entry.Stream, entry.HasAuthorization, entry.Status, entry.WordsSent, entry.Sequence));
        Assert.Equal("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", entry.TraceParent);
        Assert.Equal(body, entry.BodyText);
        Assert.True(entry.EndedAt >= entry.ArrivedAt);
        Assert.DoesNotContain("sk-secret", await sim.Http.GetStringAsync("/control/requests"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ring_Full_OverwritesTheOldest_BodiesAreBounded()
    {
        await using var sim = await Sim.StartAsync(new SimulatorOptions { LogCapacity = 3, LogBodyBytes = 10 });
        for (var i = 0; i < 5; i++)
        {
            using var response = await sim.PostAsync(Sim.Body(model: $"m{i}"));
        }

        Assert.Equal(["m2", "m3", "m4"], sim.Server.Log.Entries.Select(e => e.Model));
        Assert.Equal(5, sim.Server.Log.Total);
        Assert.Equal((0, 1), (sim.Server.Log.CountFor("m1"), sim.Server.Log.CountFor("m3")));
        Assert.Equal(10, sim.Server.Log.Last!.Body.Length);
        Assert.True(sim.Server.Log.Last.BodyLength > 10);
    }

    [Fact]
    public async Task ClientAborts_WhileStreaming_IsSeenWithTheWordsSent()
    {
        var clock = new ManualTimeProvider();
        await using var sim = await Sim.StartAsync(new SimulatorOptions { DefaultWords = 12, TimeProvider = clock }, "stall-after=4");
        var response = await sim.StreamAsync();
        await sim.Server.Log.WaitForAsync(e => e.WordsSent == 4, sim.Limit);
        response.Dispose();
        var entry = await sim.Server.Log.WaitForAsync(e => e.Ending == RequestEnding.ClientAborted, sim.Limit);
        Assert.Equal(4, entry.WordsSent);
    }

    [Fact]
    public async Task ClientAborts_BeforeHeaders_IsSeen()
    {
        await using var sim = await Sim.StartAsync("silence");
        using var leave = new CancellationTokenSource();
        var answer = sim.PostAsync(Sim.Body(), cancellationToken: leave.Token);
        await sim.Server.Log.WaitForAsync(e => e.Model == "gpt-sim", sim.Limit);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        Assert.Equal(0, (await sim.Server.Log.WaitForAsync(e => e.Ending == RequestEnding.ClientAborted, sim.Limit)).WordsSent);
    }

    [Fact]
    public async Task WaitForCount_ArmedBeforeTheRequests_EndsWithThem()
    {
        await using var sim = await Sim.StartAsync();
        var waiting = sim.Server.Log.WaitForCountAsync(3, e => e.Ending == RequestEnding.Completed, sim.Limit);
        Assert.False(waiting.IsCompleted);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => sim.PostAsync(Sim.Body())));
        Assert.Equal(3, (await waiting).Count);
    }

    [Fact]
    public async Task WaitFor_Cancelled_Throws()
    {
        var log = new RequestLog(TimeProvider.System, 10);
        using var cancel = new CancellationTokenSource();
        var waiting = log.WaitForAsync(_ => true, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Unplug_ResetsLiveAndNewRequests_UntilPlugged()
    {
        var clock = new ManualTimeProvider();
        await using var sim = await Sim.StartAsync(new SimulatorOptions { DefaultWords = 12, TimeProvider = clock }, "stall-after=4,times=1");
        using var live = await sim.StreamAsync();
        await sim.Server.Log.WaitForAsync(e => e.WordsSent == 4, sim.Limit);

        Assert.Contains("false", await (await sim.Http.PostAsync("/control/unplug", new StringContent(""))).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var events = await Events.ReadAsync(live, sim.Limit);
        Assert.NotNull(events.Broken);
        Assert.Equal(4, events.Words);
        Assert.Equal(RequestEnding.Faulted, (await sim.Server.Log.WaitForAsync(e => e.EndedAt is not null, sim.Limit)).Ending);
        await Assert.ThrowsAsync<HttpRequestException>(() => sim.PostAsync(Sim.Body()));
        Assert.False(sim.Server.IsPlugged);
        Assert.Equal("[]", await (await sim.Http.DeleteAsync("/control/faults")).Content.ReadAsStringAsync());

        sim.Server.Plug();
        Assert.Equal(200, (int)(await sim.PostAsync(Sim.Body())).StatusCode);
    }

    [Fact]
    public async Task Stop_WithSilentRequest_DoesNotHang()
    {
        var sim = await Sim.StartAsync("silence");
        var answer = sim.PostAsync(Sim.Body());
        await sim.Server.Log.WaitForAsync(_ => true, sim.Limit);
        await sim.Server.StopAsync().WaitAsync(sim.Limit);
        await Assert.ThrowsAsync<HttpRequestException>(() => answer);
        await sim.DisposeAsync();
    }

    [Fact]
    public async Task Control_FaultsRequestsReset_RoundTrip()
    {
        await using var sim = await Sim.StartAsync();
        await SendAsync(sim, HttpMethod.Put, """[{"model":"gpt-sim","fault":"status=503,times=2"}]""", 200);
        await SendAsync(sim, HttpMethod.Post, """[{"model":"*","fault":"reset,after=9"}]""", 200);
        Assert.Equal(503, (int)(await sim.PostAsync(Sim.Body())).StatusCode);
        Assert.Equal("""[{"model":"gpt-sim","fault":"status=503,times=2","seen":1,"fired":1},{"model":"*","fault":"reset,after=9","seen":0,"fired":0}]""", await sim.Http.GetStringAsync("/control/faults"));
        Assert.Contains("there is no fault", await SendAsync(sim, HttpMethod.Put, """[{"model":"m","fault":"nope"}]""", 400), StringComparison.Ordinal);
        await SendAsync(sim, HttpMethod.Put, "{", 400);
        await SendAsync(sim, HttpMethod.Put, """[{"model":"m"}]""", 400);
        Assert.Equal(2, sim.Server.Faults.Rules.Count);
        Assert.Contains("\"ending\":\"faulted\"", await sim.Http.GetStringAsync("/control/requests?model=gpt-sim"), StringComparison.Ordinal);
        Assert.Equal("[]", await sim.Http.GetStringAsync("/control/requests?model=other"));
        await sim.Http.PostAsync("/control/reset", new StringContent(""));
        Assert.Equal((0, 0L), (sim.Server.Faults.Rules.Count, sim.Server.Log.Total));
        Assert.Equal("""{"status":"ok","name":"sim"}""", await sim.Http.GetStringAsync("/healthz"));
    }

    private static async Task<string> SendAsync(Sim sim, HttpMethod method, string json, int status)
    {
        using var request = new HttpRequestMessage(method, "/control/faults") { Content = new StringContent(json, Encoding.UTF8) };
        using var response = await sim.Http.SendAsync(request, sim.Limit);
        Assert.Equal(status, (int)response.StatusCode);
        return await response.Content.ReadAsStringAsync(sim.Limit);
    }
}
