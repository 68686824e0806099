using Relay.TestKit;

namespace Relay.Simulator.Tests.Dialects;

/// <summary>Faults inside a stream, alike in every dialect.</summary>
public class DialectStreamFaultTests
{
    private const string Whole = "hello there";

    public static TheoryData<string> Dialects => Tongue.All;

    [Theory, MemberData(nameof(Dialects))]
    public async Task CutAfter_Abort_ExactlyNWordsThenReset(string dialect)
    {
        foreach (var words in new[] { 0, 5, 12 })
        {
            await using var sim = await Sim.StartAsync($"cut-after={words}");
            var seen = await sim.StreamAsync(Tongue.Of(dialect));
            Assert.NotNull(seen.Broken);
            Assert.Equal(Answers.Text(1, Whole, words), seen.Text);
            Assert.Equal((null, false), (seen.Finish, seen.EndMark));
            var entry = await sim.Server.Log.WaitForAsync(e => e.EndedAt is not null, sim.Limit);
            Assert.Equal((RequestEnding.Faulted, words), (entry.Ending, entry.WordsSent));
        }
    }

    [Theory, MemberData(nameof(Dialects))]
    public async Task CutAfter_Clean_EndsWithoutFinishOrEndMark(string dialect)
    {
        await using var sim = await Sim.StartAsync("cut-after=5,end=clean");
        var seen = await sim.StreamAsync(Tongue.Of(dialect));
        Assert.Equal(Answers.Text(1, Whole, 5), seen.Text);
        Assert.Equal((null, false, null), (seen.Finish, seen.EndMark, seen.Broken));
    }

    [Theory, MemberData(nameof(Dialects))]
    public async Task StallAfter_PausesThenEndsAsSaid(string dialect)
    {
        foreach (var (end, words) in new[] { ("continue", 12), ("clean", 3), ("abort", 3) })
        {
            var clock = new ManualTimeProvider();
            await using var sim = await Sim.StartAsync(new SimulatorOptions { DefaultWords = 12, TimeProvider = clock }, $"stall-after=3,for=30s,end={end}");
            var tongue = Tongue.Of(dialect);
            var reading = sim.StreamAsync(tongue);
            await sim.Server.Log.WaitForAsync(e => e.WordsSent == 3, sim.Limit);
            await clock.ArmedAsync(sim.Limit);
            clock.Advance(TimeSpan.FromSeconds(29.9));
            Assert.False(reading.IsCompleted);
            clock.Advance(TimeSpan.FromSeconds(0.2));
            var seen = await reading;
            Assert.Equal(Answers.Text(1, Whole, words), seen.Text);
            Assert.Equal((end == "continue" ? tongue.Finishes.Whole : null, end == "abort"), (seen.Finish, seen.Broken is not null));
        }
    }

    [Theory, MemberData(nameof(Dialects))]
    public async Task MalformedEvent_OneExtra_TextUnharmed(string dialect)
    {
        await using var sim = await Sim.StartAsync("malformed-event-after=5");
        var tongue = Tongue.Of(dialect);
        var seen = await sim.StreamAsync(tongue);
        Assert.Equal(1, seen.Malformed);
        Assert.Equal((Answers.Text(1, Whole, 12), tongue.Finishes.Whole), (seen.Text, seen.Finish));
    }

    [Theory]
    [InlineData("openai", "", "server_error")]
    [InlineData("azure", "", "server_error")]
    [InlineData("anthropic", "", "overloaded_error")]
    [InlineData("anthropic", ",code=server_error", "api_error")]
    [InlineData("anthropic", ",code=rate_limit_exceeded", "rate_limit_error")]
    [InlineData("anthropic", ",type=odd", "odd")]
    [InlineData("gemini", "", "UNAVAILABLE")]
    [InlineData("gemini", ",code=server_error", "INTERNAL")]
    [InlineData("gemini", ",code=rate_limit_exceeded", "RESOURCE_EXHAUSTED")]
    [InlineData("gemini-array", "", "UNAVAILABLE")]
    public async Task ErrorInStream_AfterNWords_EndsTheStream(string dialect, string parameters, string type)
    {
        foreach (var words in new[] { 0, 4 })
        {
            await using var sim = await Sim.StartAsync($"error-in-stream-after={words}{parameters}");
            var seen = await sim.StreamAsync(Tongue.Of(dialect));
            Assert.Equal(type, seen.Error?.Type);
            Assert.Equal((Answers.Text(1, Whole, words), null, null), (seen.Text, seen.Finish, seen.Broken));
            Assert.Equal(dialect == "gemini-array", seen.EndMark);
            Assert.Equal(RequestEnding.Faulted, (await sim.Server.Log.WaitForAsync(e => e.EndedAt is not null, sim.Limit)).Ending);
        }
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    [InlineData("gemini")]
    public async Task ErrorInStream_Raw_IsBareJson(string dialect)
    {
        await using var sim = await Sim.StartAsync("error-in-stream-after=4,raw");
        var seen = await sim.StreamAsync(Tongue.Of(dialect));
        Assert.Null(seen.Error);
        Assert.Contains("\"error\":", Assert.Single(seen.Bare), StringComparison.Ordinal);
        Assert.Equal(4, seen.Words);
    }

    [Theory, MemberData(nameof(Dialects))]
    public async Task HugeLine_OneLineAboveAMebibyte_TextUnharmed(string dialect)
    {
        await using var sim = await Sim.StartAsync("huge-line,words=2");
        var tongue = Tongue.Of(dialect);
        var seen = await sim.StreamAsync(tongue);
        Assert.True(seen.Longest > 1024 * 1024);
        Assert.Equal((Answers.Text(1, Whole, 12), tongue.Finishes.Whole, 0), (seen.Text, seen.Finish, seen.Malformed));
    }

    [Theory, MemberData(nameof(Dialects))]
    public async Task RoleOnly_NoWordThenCleanEnd(string dialect)
    {
        await using var sim = await Sim.StartAsync("role-only");
        var seen = await sim.StreamAsync(Tongue.Of(dialect));
        Assert.NotEmpty(seen.Events);
        Assert.Equal(("", null, false, null), (seen.Text, seen.Finish, seen.EndMark, seen.Broken));
    }

    [Theory, MemberData(nameof(Dialects))]
    public async Task NoDone_AllButTheEndMark_AndPassesByWhereThereIsNone(string dialect)
    {
        await using var sim = await Sim.StartAsync("no-done");
        var tongue = Tongue.Of(dialect);
        var seen = await sim.StreamAsync(tongue);
        Assert.Equal((Answers.Text(1, Whole, 12), tongue.Finishes.Whole, false), (seen.Text, seen.Finish, seen.EndMark));
        Assert.Equal(tongue.HasEndMark ? 1 : 0, sim.Server.Faults.Rules[0].Seen);
    }

    [Theory]
    [InlineData("openai", 1)]
    [InlineData("azure", 1)]
    [InlineData("anthropic", 0)]
    [InlineData("gemini", 0)]
    public async Task UsageOnChoices_HitsOnlyWhoHasAUsageChunk(string dialect, long seen)
    {
        await using var sim = await Sim.StartAsync("usage-on-choices");
        var answer = await sim.StreamAsync(Tongue.Of(dialect));
        Assert.Equal((12, seen), (answer.OutputTokens, sim.Server.Faults.Rules[0].Seen));
    }

    [Theory, MemberData(nameof(DialectAnswerTests.Forms), MemberType = typeof(DialectAnswerTests))]
    public async Task NoFinish_TextWithoutAReason(string dialect, bool stream)
    {
        await using var sim = await Sim.StartAsync("no-finish");
        var tongue = Tongue.Of(dialect);
        var seen = await sim.AnswerAsync(tongue, stream);
        Assert.Equal((Answers.Text(1, Whole, 12), null, stream && tongue.HasEndMark), (seen.Text, seen.Finish, seen.EndMark));
        Assert.Equal(RequestEnding.Faulted, (await sim.Server.Log.WaitForAsync(e => e.EndedAt is not null, sim.Limit)).Ending);
    }

    [Theory, MemberData(nameof(DialectAnswerTests.Forms), MemberType = typeof(DialectAnswerTests))]
    public async Task NoUsage_NothingIsCounted(string dialect, bool stream)
    {
        await using var sim = await Sim.StartAsync("no-usage");
        var seen = await sim.AnswerAsync(Tongue.Of(dialect), stream);
        Assert.Equal((Answers.Text(1, Whole, 12), null, null), (seen.Text, seen.InputTokens, seen.OutputTokens));
    }

    [Theory, MemberData(nameof(DialectAnswerTests.Forms), MemberType = typeof(DialectAnswerTests))]
    public async Task EmptyChoices_NothingIsSaid(string dialect, bool stream)
    {
        await using var sim = await Sim.StartAsync("empty-choices");
        var tongue = Tongue.Of(dialect);
        var seen = await sim.AnswerAsync(tongue, stream);
        Assert.Equal(("", stream && tongue.HasEndMark), (seen.Text, seen.EndMark));
        Assert.Equal(dialect == "anthropic" ? "end_turn" : null, seen.Finish);
    }

    [Theory, MemberData(nameof(DialectAnswerTests.Forms), MemberType = typeof(DialectAnswerTests))]
    public async Task RefusalAfter_NWordsThenTheSafetyStop(string dialect, bool stream)
    {
        await using var sim = await Sim.StartAsync("refusal-after=5");
        var tongue = Tongue.Of(dialect);
        var seen = await sim.AnswerAsync(tongue, stream);
        Assert.Equal((Answers.Text(1, Whole, 5), tongue.Finishes.Refusal, 5), (seen.Text, seen.Finish, seen.OutputTokens));
        Assert.Equal(RequestEnding.Faulted, (await sim.Server.Log.WaitForAsync(e => e.EndedAt is not null, sim.Limit)).Ending);
    }

    [Theory, MemberData(nameof(Dialects))]
    public async Task TruncatedBody_EndsBeforeItsLength(string dialect)
    {
        await using var sim = await Sim.StartAsync("truncated-body");
        using var response = await sim.SendAsync(Tongue.Of(dialect).Request(stream: false));
        var broken = await Assert.ThrowsAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync(sim.Limit));
        Assert.Equal(HttpRequestError.ResponseEnded, broken.HttpRequestError);
    }

    [Theory, MemberData(nameof(Dialects))]
    public async Task BadJsonBody_Is200ThatDoesNotParse(string dialect)
    {
        await using var sim = await Sim.StartAsync("bad-json-body");
        using var response = await sim.SendAsync(Tongue.Of(dialect).Request(stream: false));
        Assert.Equal(200, (int)response.StatusCode);
        await Assert.ThrowsAnyAsync<System.Text.Json.JsonException>(() => sim.ReadJsonAsync(response));
    }
}
