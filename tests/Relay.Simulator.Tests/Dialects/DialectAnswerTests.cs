namespace Relay.Simulator.Tests.Dialects;

/// <summary>What every dialect has in common: the same answer to the same first user message, however it is asked for.</summary>
public class DialectAnswerTests
{
    /// <summary>Every dialect, streamed and plain.</summary>
    public static TheoryData<string, bool> Forms => new(Tongue.Names.SelectMany(n => new[] { (n, true), (n, false) }));

    public static TheoryData<string> Dialects => Tongue.All;

    [Theory, MemberData(nameof(Forms))]
    public async Task Answer_SameFirstMessage_SameTextInEveryDialect(string dialect, bool stream)
    {
        await using var sim = await Sim.StartAsync();
        var tongue = Tongue.Of(dialect);

        var seen = await sim.AnswerAsync(tongue, stream);

        Assert.Equal(Answers.Text(1, "hello there", 12), seen.Text);
        Assert.Equal(tongue.Finishes.Whole, seen.Finish);
        Assert.Equal((2, 12), (seen.InputTokens, seen.OutputTokens));
        Assert.Null(seen.Error);
        Assert.Equal((stream ? 12 : 1, stream && tongue.HasEndMark), (seen.Words, seen.EndMark));
        var entry = await sim.Server.Log.WaitForAsync(e => e.Ending == RequestEnding.Completed, sim.Limit);
        Assert.Equal(("sim-model", stream, 12, 200), (entry.Model, entry.Stream, entry.WordsSent, entry.Status));
    }

    [Theory, MemberData(nameof(Forms))]
    public async Task Answer_MaxTokens_CutsAndSaysSo(string dialect, bool stream)
    {
        await using var sim = await Sim.StartAsync();
        var tongue = Tongue.Of(dialect);

        var seen = await sim.AnswerAsync(tongue, stream, tongue.MaxEight);

        Assert.Equal(Answers.Text(1, "hello there", 8), seen.Text);
        Assert.Equal((tongue.Finishes.Length, 8), (seen.Finish, seen.OutputTokens));
    }

    [Theory, MemberData(nameof(Forms))]
    public async Task Answer_StopSequence_EndsBeforeIt(string dialect, bool stream)
    {
        await using var sim = await Sim.StartAsync();
        var tongue = Tongue.Of(dialect);
        var whole = Answers.Text(1, "hello there", 12);
        var word = whole.Split(' ')[6];

        var seen = await sim.AnswerAsync(tongue, stream, tongue.Stop(word));

        Assert.Equal(whole[..whole.IndexOf(word, StringComparison.Ordinal)], seen.Text);
        Assert.Equal(dialect == "anthropic" ? "stop_sequence" : tongue.Finishes.Whole, seen.Finish);
    }

    [Theory, MemberData(nameof(Forms))]
    public async Task Answer_OneTool_IsCalled(string dialect, bool stream)
    {
        await using var sim = await Sim.StartAsync();
        var tongue = Tongue.Of(dialect);

        var seen = await sim.AnswerAsync(tongue, stream, tongue.Tools("weather", "time"), "use the tool");

        var call = Assert.Single(seen.Calls);
        Assert.Equal("weather", call.Name);
        Assert.Matches("^\\{\"city\":\".+\"\\}$", call.Arguments);
        Assert.Equal(("", tongue.Finishes.Tools), (seen.Text, seen.Finish));
    }

    [Theory, MemberData(nameof(Forms))]
    public async Task Answer_SeveralTools_AreCalledAtOnceWithTheSameArgumentsInEveryDialect(string dialect, bool stream)
    {
        await using var sim = await Sim.StartAsync();
        var expected = await sim.PlainAsync(Tongue.Of("openai"), Tongue.Of("openai").Tools("weather", "time"), "use the tools");
        var tongue = Tongue.Of(dialect);

        var seen = await sim.AnswerAsync(tongue, stream, tongue.Tools("weather", "time"), "use the tools");

        Assert.Equal(["weather", "time"], seen.Calls.Select(c => c.Name));
        Assert.Equal(expected.Calls, seen.Calls);
        Assert.NotEqual(seen.Calls[0].Arguments, seen.Calls[1].Arguments);
    }

    [Theory, MemberData(nameof(Forms))]
    public async Task Answer_TrailingPart_IsContinued(string dialect, bool stream)
    {
        await using var sim = await Sim.StartAsync();
        var tongue = Tongue.Of(dialect);
        var partial = Answers.Text(1, "hello there", 4);
        Turn[][] asked =
        [
            [Turn.User("hello there"), Turn.Assistant(partial)],
            [Turn.User("hello there"), Turn.Assistant(partial), Turn.User("Please continue.")],
        ];
        foreach (var turns in asked)
        {
            using var response = await sim.SendAsync(tongue.Request(stream, turns));
            var seen = stream ? await tongue.ReadStreamAsync(response, sim.Limit) : tongue.ReadPlain(await sim.ReadJsonAsync(response));
            Assert.Equal(Answers.Text(1, "hello there", 12), partial + seen.Text);
        }
    }

    [Theory, MemberData(nameof(Dialects))]
    public async Task Answer_WholeAnswerAsPrefill_AddsNothing(string dialect)
    {
        await using var sim = await Sim.StartAsync();
        var tongue = Tongue.Of(dialect);
        using var response = await sim.SendAsync(tongue.Request(stream: true, [Turn.User("hello there"), Turn.Assistant(Answers.Text(1, "hello there", 12))]));
        var seen = await tongue.ReadStreamAsync(response, sim.Limit);
        Assert.Equal(("", tongue.Finishes.Whole), (seen.Text, seen.Finish));
    }

    [Theory]
    [InlineData("openai", "authorization", "Bearer key-1")]
    [InlineData("azure", "api-key", "key-1")]
    [InlineData("azure", "authorization", "Bearer key-1")]
    [InlineData("anthropic", "x-api-key", "key-1")]
    [InlineData("anthropic", "authorization", "Bearer key-1")]
    [InlineData("gemini", "x-goog-api-key", "key-1")]
    public async Task Key_InTheDialectsHeader_IsAsked(string dialect, string header, string value)
    {
        await using var sim = await Sim.StartAsync(new SimulatorOptions { ApiKey = "key-1" });
        var tongue = Tongue.Of(dialect);
        var statuses = new List<int>();
        foreach (var sent in new[] { null, value + "-wrong", value })
        {
            using var request = tongue.Request(stream: false);
            if (sent is not null)
            {
                request.Headers.TryAddWithoutValidation(header, sent);
            }

            using var response = await sim.SendAsync(request);
            statuses.Add((int)response.StatusCode);
        }

        // Gemini's own: no key is 403, a wrong one 400.
        Assert.Equal(dialect == "gemini" ? [403, 400, 200] : [401, 401, 200], statuses);
        Assert.Equal([false, true, true], sim.Server.Log.Entries.Select(e => e.HasAuthorization));
        Assert.DoesNotContain("key-1", await sim.Http.GetStringAsync("/control/requests"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_InGeminisQuery_IsTakenAndNotLogged()
    {
        await using var sim = await Sim.StartAsync(new SimulatorOptions { ApiKey = "key-1" });
        using var response = await sim.PostAsync("""{"contents":[{"parts":[{"text":"x"}]}]}""", "/v1beta/models/m:generateContent?key=key-1");
        Assert.Equal(200, (int)response.StatusCode);
        Assert.DoesNotContain("key-1", await sim.Http.GetStringAsync("/control/requests"), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Dialects))]
    public async Task Answer_Padding_ReachesTheSizeExactly(string dialect)
    {
        await using var sim = await Sim.StartAsync(new SimulatorOptions { PadResponseToBytes = 4096 });
        using var response = await sim.SendAsync(Tongue.Of(dialect).Request(stream: false));
        Assert.Equal(4096, (await response.Content.ReadAsByteArrayAsync(sim.Limit)).Length);
    }
}
