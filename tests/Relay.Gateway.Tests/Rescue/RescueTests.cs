using System.Text.Json;
using Relay.Core.Attempts;
using Relay.Core.Breaker;
using Relay.Core.Errors;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Rescue;

/// <summary>Streams that break after their first token, and a target that goes on with them.</summary>
public sealed class RescueTests
{
    private const string Usage = ",\"stream_options\":{\"include_usage\":true}";

    [Theory]
    [InlineData("cut-after=5,end=clean", "")]
    [InlineData("cut-after=5", "")]
    [InlineData("cut-after=1", "")]
    [InlineData("cut-after=19", "")]
    [InlineData("stall-after=5", "")]
    [InlineData("error-in-stream-after=5", "")]
    [InlineData("huge-line,words=5", "")]
    [InlineData("cut-after=5,end=clean", "no-prefill")]
    [InlineData("stall-after=5", "no-prefill")]
    [InlineData("cut-after=5", "status=503,times=1")]
    [InlineData("cut-after=5", "reset,times=1")]
    [InlineData("cut-after=5", "malformed-event-after=3")]
    public async Task BrokenStream_IsContinuedByTheNextTargetAsOne(string primary, string fallback)
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Timeouts = RawRig.Short with { FirstToken = TimeSpan.FromSeconds(20) } });
        rig.Primary.Faults.Add("*", primary);
        if (fallback.Length > 0)
        {
            rig.Fallback.Faults.Add("*", fallback);
        }

        var chat = await rig.ChatAsync(stream: true, extra: Usage);

        AssertWhole(chat, rig.Expected());
        Assert.Equal(1, rig.Primary.Log.Total);
        var record = await rig.Records.NextAsync();
        Assert.Equal((ErrorKind.None, 200, "p1/gpt-sim"), (record.Error, record.HttpStatus, record.Target));
        Assert.True(record.Attempts[0] is { Target: "p0/gpt-sim", Billed: true, IsRescue: false, Verdict: Verdict.Failure });
        Assert.True(record.Attempts[^1] is { Target: "p1/gpt-sim", Billed: true, IsRescue: true, Verdict: Verdict.Success, Error: ErrorKind.None });
        Assert.Equal(record.Attempts[0].Usage!.Value + record.Attempts[^1].Usage!.Value, record.Usage);
        Assert.Equal(record.Attempts[0].Cost!.Value + record.Attempts[^1].Cost!.Value, record.Cost);
        AssertStory(chat, record.Attempts[0].Error, record.Cost!.Value.ToString());
    }

    [Fact]
    public async Task BrokenStream_ShowsNoUsageChunkThatNobodyAskedFor()
    {
        await using var rig = await Rig.StartAsync();
        rig.Primary.Faults.Add("*", "cut-after=5");

        var chat = await rig.ChatAsync(stream: true);

        Assert.Equal((rig.Expected(), true, false), (chat.Text, chat.Done, chat.HasUsage));
    }

    [Fact]
    public async Task TargetThatRefusedPrefillOnce_IsNotAskedThatWayAgain()
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Breaker = BreakerOptions.Default with { Enabled = false } });
        rig.Primary.Faults.Add("*", "cut-after=5");
        rig.Fallback.Faults.Add("*", "no-prefill");

        var first = await rig.ChatAsync(stream: true);
        var second = await rig.ChatAsync(stream: true);

        Assert.Equal((rig.Expected(), rig.Expected()), (first.Text, second.Text));
        Assert.Equal(3, rig.Fallback.Log.Total);
        var record = await rig.Records.NextAsync();
        Assert.Equal([ErrorKind.InvalidRequest, ErrorKind.None], record.Attempts.Skip(1).Select(a => a.Error));
        Assert.Equal(2, (await rig.Records.NextAsync()).Attempts.Count);
    }

    [Fact]
    public async Task TargetKnownToRefusePrefill_IsAskedWithAUsersMessage()
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Prefill = false });
        rig.Primary.Faults.Add("*", "cut-after=5");
        rig.Fallback.Faults.Add("*", "no-prefill");

        var chat = await rig.ChatAsync(stream: true);

        Assert.Equal((rig.Expected(), 1L), (chat.Text, rig.Fallback.Log.Total));
    }

    [Fact]
    public async Task SecondBreak_IsRescuedByTheThirdTarget()
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Simulators = 3 });
        rig.Primary.Faults.Add("*", "cut-after=5");
        rig.Fallback.Faults.Add("*", "cut-after=6,end=clean");

        var chat = await rig.ChatAsync(stream: true, extra: Usage);

        AssertWhole(chat, rig.Expected());
        var rescues = chat.Events[^1].GetProperty("x_relay").GetProperty("rescues");
        Assert.Equal(["p0/gpt-sim>p1/gpt-sim", "p1/gpt-sim>p2/gpt-sim"], rescues.EnumerateArray().Select(r => r.GetProperty("from").GetString() + ">" + r.GetProperty("to").GetString()));
    }

    [Theory]
    [InlineData("status=400", 1)]
    [InlineData("status=503", 3)]
    [InlineData("cut-after=0", 3)]
    [InlineData("unauthorized", 1)]
    public async Task NobodyGoesOn_EndsInOneErrorInBandThatTellsOfTheBreak(string fallback, int attempts)
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Prefill = true });
        rig.Primary.Faults.Add("*", "cut-after=5,end=clean");
        rig.Fallback.Faults.Add("*", fallback);

        var chat = await rig.ChatAsync(stream: true, extra: Usage);

        Assert.True(chat.Broken && !chat.Done);
        Assert.Equal("truncated", chat.ErrorCode);
        Assert.Single(chat.Events, e => e.TryGetProperty("error", out _));
        Assert.StartsWith(chat.Text, rig.Expected(), StringComparison.Ordinal);
        var record = await rig.Records.NextAsync();
        Assert.Equal((ErrorKind.Truncated, "p0/gpt-sim"), (record.Error, record.Target));
        Assert.Equal(1, record.Attempts.Count(a => a.Billed));
        Assert.Equal(attempts == 1 && fallback == "status=400" ? 2 : attempts, rig.Fallback.Log.Total);
    }

    [Theory]
    [InlineData(",\"n\":2")]
    [InlineData(",\"response_format\":{\"type\":\"json_object\"}")]
    public async Task RequestThatIsNotPlainText_IsNotRescued(string extra)
    {
        await using var rig = await Rig.StartAsync();
        rig.Primary.Faults.Add("*", "cut-after=5");

        var chat = await rig.ChatAsync(stream: true, extra: extra);

        Assert.True(chat.Broken && chat.Error is not null);
        Assert.Equal(0, rig.Fallback.Log.Total);
    }

    [Fact]
    public async Task RescueSwitchedOff_TellsTheBreakInBand()
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Rescue = RigOptions.NoRescue });
        rig.Primary.Faults.Add("*", "cut-after=5");

        var chat = await rig.ChatAsync(stream: true);

        Assert.True(chat.Broken && chat.Error is not null);
        Assert.Equal(0, rig.Fallback.Log.Total);
    }

    [Fact]
    public async Task TextFormat_IsPlainTextAndRescued()
    {
        await using var rig = await Rig.StartAsync();
        rig.Primary.Faults.Add("*", "cut-after=5");

        var chat = await rig.ChatAsync(stream: true, extra: ",\"response_format\":{\"type\":\"text\"}");

        Assert.Equal((rig.Expected(), true), (chat.Text, chat.Done));
    }

    [Fact]
    public async Task MoreTextThanIsKept_IsNotRescued()
    {
        await using var rig = await Rig.StartAsync(new RigOptions
        {
            Rescue = RescueOptions.Default with { MaxTextBytes = 1024 },
            Simulator = i => new() { Name = "sim-" + i, DefaultWords = 400 },
        });
        rig.Primary.Faults.Add("*", "cut-after=300,end=clean");

        var chat = await rig.ChatAsync(stream: true);

        Assert.True(chat.Broken && chat.Error is not null);
        Assert.Equal(0, rig.Fallback.Log.Total);
    }

    [Fact]
    public async Task TokenLimit_IsLoweredByWhatWasSent()
    {
        await using var rig = await Rig.StartAsync();
        rig.Primary.Faults.Add("*", "cut-after=5");

        var chat = await rig.ChatAsync(stream: true, extra: ",\"max_tokens\":12");

        Assert.Equal(12, chat.Text.Split(' ').Length);
        Assert.StartsWith(chat.Text, rig.Expected(), StringComparison.Ordinal);
        Assert.Equal("length", FinishReason(chat));
    }

    private static void AssertWhole(Chat chat, string expected)
    {
        Assert.Null(chat.Error);
        Assert.Equal(expected, chat.Text);
        Assert.True(chat is { Done: true, Broken: false });
        Assert.Single(chat.Events.Select(e => (e.GetProperty("id").GetString(), e.GetProperty("model").GetString(), e.GetProperty("created").GetInt64())).Distinct());
        Assert.Single(chat.Events, e => e.GetProperty("choices").EnumerateArray().Any(c => c.GetProperty("delta").TryGetProperty("role", out _)));
        Assert.Equal("stop", FinishReason(chat));
        var usage = Assert.Single(chat.Events, e => e.TryGetProperty("usage", out var u) && u.ValueKind == JsonValueKind.Object);
        Assert.Equal(0, usage.GetProperty("choices").GetArrayLength());
        Assert.Equal(chat.Events[^1], usage);
    }

    private static string? FinishReason(Chat chat) => Assert.Single(
        chat.Events.SelectMany(e => e.GetProperty("choices").EnumerateArray()).Select(c => c.GetProperty("finish_reason").GetString()),
        r => r is not null);

    private static void AssertStory(Chat chat, ErrorKind error, string cost)
    {
        var story = chat.Events[^1].GetProperty("x_relay");
        Assert.Equal("p1/gpt-sim", story.GetProperty("target").GetString());
        Assert.Equal(cost, story.GetProperty("cost_usd").GetRawText());
        Assert.Equal(chat.Headers["x-relay-request-id"], story.GetProperty("request_id").GetString());
        var rescue = Assert.Single(story.GetProperty("rescues").EnumerateArray());
        Assert.Equal(("p0/gpt-sim", "p1/gpt-sim", error.Label()), (rescue.GetProperty("from").GetString(), rescue.GetProperty("to").GetString(), rescue.GetProperty("error").GetString()));
        Assert.True(rescue.GetProperty("after_ms").GetInt64() >= 0 && rescue.GetProperty("sent_bytes").GetInt32() > 0);
    }
}
