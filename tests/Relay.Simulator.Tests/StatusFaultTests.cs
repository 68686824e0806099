using System.Globalization;
using Relay.TestKit;

namespace Relay.Simulator.Tests;

public class StatusFaultTests
{
    [Theory]
    [InlineData("status=503", 503, "server_error", null)]
    [InlineData("status=429", 429, "requests", "rate_limit_exceeded")]
    [InlineData("status=400,code=context_length_exceeded", 400, "invalid_request_error", "context_length_exceeded")]
    [InlineData("status=400,code=content_policy_violation", 400, "invalid_request_error", "content_policy_violation")]
    [InlineData("status=500,type=odd", 500, "odd", null)]
    [InlineData("unauthorized", 401, "invalid_request_error", "invalid_api_key")]
    [InlineData("quota", 429, "insufficient_quota", "insufficient_quota")]
    public async Task Status_AnyRequest_GetsError(string fault, int status, string type, string? code)
    {
        await using var sim = await Sim.StartAsync(fault);
        using var response = await sim.StreamAsync();
        var error = (await sim.ReadJsonAsync(response)).GetProperty("error");
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(type, error.GetProperty("type").GetString());
        Assert.Equal(code, error.GetProperty("code").GetString());
        var entry = await sim.Server.Log.WaitForAsync(e => e.Ending == RequestEnding.Faulted, sim.Limit);
        Assert.Equal((fault, status), (entry.Fault, entry.Status));
    }

    [Fact]
    public async Task RetryAfter_EachForm_IsSent()
    {
        var clock = new ManualTimeProvider();
        await using var sim = await Sim.StartAsync(new SimulatorOptions { TimeProvider = clock },
            "status=429,retry-after=2,times=1", "status=429,retry-after-ms=1500,times=1", "status=429,retry-after-date=+5s,times=1");
        Assert.Equal("2", (await sim.PostAsync(Sim.Body())).Headers.GetValues("retry-after").Single());
        Assert.Equal("1500", (await sim.PostAsync(Sim.Body())).Headers.GetValues("retry-after-ms").Single());
        var date = (await sim.PostAsync(Sim.Body())).Headers.GetValues("retry-after").Single();
        Assert.Equal(clock.GetUtcNow().AddSeconds(5), DateTimeOffset.Parse(date, CultureInfo.InvariantCulture));
        Assert.Equal(200, (int)(await sim.PostAsync(Sim.Body())).StatusCode);
    }

    [Fact]
    public async Task Html_IsA502Page()
    {
        await using var sim = await Sim.StartAsync("html");
        using var response = await sim.PostAsync(Sim.Body());
        Assert.Equal(502, (int)response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task NoPrefill_OnlyTrailingAssistantIsRefused()
    {
        await using var sim = await Sim.StartAsync("no-prefill");
        Assert.Equal(200, (int)(await sim.PostAsync(Sim.Body())).StatusCode);
        using var refused = await sim.PostAsync("""{"model":"m","messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y"}]}""");
        Assert.Equal(400, (int)refused.StatusCode);
    }

    [Theory]
    [InlineData("status=503,times=2", "BBGGGG")]
    [InlineData("status=503,after=2", "GGBBBB")]
    [InlineData("status=503,after=1,times=2", "GBBGGG")]
    [InlineData("flap=2/1", "BBGBBG")]
    [InlineData("status=503,probability=0", "GGGGGG")]
    public async Task Modifiers_DecideWhichRequestsAreHit(string fault, string expected)
    {
        await using var sim = await Sim.StartAsync(fault);
        Assert.Equal(expected, await PatternAsync(sim, expected.Length));
    }

    [Fact]
    public async Task Probability_SameSeed_SamePattern()
    {
        await using var a = await Sim.StartAsync("status=503,probability=0.5");
        await using var b = await Sim.StartAsync("status=503,probability=0.5");
        var pattern = await PatternAsync(a, 24);
        Assert.Equal(pattern, await PatternAsync(b, 24));
        Assert.Contains('B', pattern);
        Assert.Contains('G', pattern);
    }

    [Fact]
    public async Task Window_AfterItsTime_FaultIsOver()
    {
        var clock = new ManualTimeProvider();
        await using var sim = await Sim.StartAsync(new SimulatorOptions { TimeProvider = clock }, "status=503,for=30s");
        Assert.Equal("B", await PatternAsync(sim, 1));
        clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal("G", await PatternAsync(sim, 1));
    }

    [Fact]
    public async Task SeveralFaults_TriedInOrder_PerModel()
    {
        await using var sim = await Sim.StartAsync();
        sim.Server.Faults.Add("other", "status=500");
        sim.Server.Faults.Add("gpt-sim", "status=429,times=1");
        sim.Server.Faults.Add("*", "status=503,times=1");
        int[] seen = [(int)(await sim.PostAsync(Sim.Body())).StatusCode, (int)(await sim.PostAsync(Sim.Body())).StatusCode, (int)(await sim.PostAsync(Sim.Body())).StatusCode];
        Assert.Equal([429, 503, 200], seen);
        Assert.Equal([0L, 1L, 1L], sim.Server.Faults.Rules.Select(r => r.Fired));
        sim.Server.Faults.Clear("other");
        Assert.Equal(2, sim.Server.Faults.Rules.Count);
    }

    [Fact]
    public void FaultBook_TooManyRules_Refuses()
    {
        var book = new FaultBook(TimeProvider.System, 1);
        for (var i = 0; i < FaultBook.Capacity; i++)
        {
            book.Add("m", "reset");
        }

        Assert.Throws<InvalidOperationException>(() => book.Add("m", "reset"));
    }

    private static async Task<string> PatternAsync(Sim sim, int requests)
    {
        var pattern = "";
        for (var i = 0; i < requests; i++)
        {
            using var response = await sim.PostAsync(Sim.Body());
            pattern += response.IsSuccessStatusCode ? "G" : "B";
        }

        return pattern;
    }
}
