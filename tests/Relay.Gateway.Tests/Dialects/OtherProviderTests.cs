using System.Text.Json;
using Relay.Core.Breaker;
using Relay.Core.Errors;
using Relay.Gateway.Config;
using Relay.Gateway.Tests.Kit;
using Relay.Simulator;

namespace Relay.Gateway.Tests.Dialects;

/// <summary>A client of OpenAI's form before providers that speak something else.</summary>
public sealed class OtherProviderTests
{
    private const string Usage = ",\"stream_options\":{\"include_usage\":true}";

    private const string Tools = """
        ,"tools":[{"type":"function","function":{"name":"look_up","description":"Looks up.","parameters":{"type":"object","properties":{"word":{"type":"string"}},"required":["word"]}}}],"tool_choice":"required"
        """;

    public static TheoryData<Dialect> Others => [Dialect.Azure, Dialect.Anthropic, Dialect.Gemini];

    [Theory]
    [MemberData(nameof(Others))]
    public async Task PlainAnswer_IsThatOfOpenAi(Dialect dialect)
    {
        await using var rig = await StartAsync(_ => dialect);

        var chat = await rig.ChatAsync();

        Assert.Equal((200, rig.Expected(), true), (chat.Status, chat.Text, chat.HasUsage));
        using var json = JsonDocument.Parse(chat.Bytes);
        Assert.Equal("chat.completion", json.RootElement.GetProperty("object").GetString());
        Assert.Equal("stop", json.RootElement.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        var record = await rig.Records.NextAsync();
        Assert.Equal((ErrorKind.None, "p0/gpt-sim"), (record.Error, record.Target));
        Assert.True(record.Usage is { Estimated: false, TotalOutput: > 0, TotalInput: > 0 });
        Assert.NotNull(record.Cost);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public async Task Stream_IsThatOfOpenAi(Dialect dialect)
    {
        await using var rig = await StartAsync(_ => dialect);

        var chat = await rig.ChatAsync(stream: true, extra: Usage);

        Assert.Equal((200, rig.Expected()), (chat.Status, chat.Text));
        Assert.True(chat is { Done: true, Broken: false, Error: null, HasUsage: true });

        // Azure's first chunk, with what its filter says of the prompt, has an empty id, and passes through.
        Assert.Single(chat.Events.Select(e => e.GetProperty("id").GetString()).Where(id => id != "").Distinct());
        Assert.False((await rig.Records.NextAsync()).Usage!.Value.Estimated);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public async Task ToolCall_ComesWhole(Dialect dialect)
    {
        await using var rig = await StartAsync(_ => dialect);

        var plain = await rig.ChatAsync("use the tool", extra: Tools);
        var stream = await rig.ChatAsync("use the tool", stream: true, extra: Tools);

        using var json = JsonDocument.Parse(plain.Bytes);
        var choice = json.RootElement.GetProperty("choices")[0];
        Assert.Equal("tool_calls", choice.GetProperty("finish_reason").GetString());
        var call = Assert.Single(choice.GetProperty("message").GetProperty("tool_calls").EnumerateArray()).GetProperty("function");
        Assert.Equal("look_up", call.GetProperty("name").GetString());
        var pieces = stream.Events.SelectMany(e => e.GetProperty("choices").EnumerateArray())
            .Where(c => c.GetProperty("delta").TryGetProperty("tool_calls", out _))
            .SelectMany(c => c.GetProperty("delta").GetProperty("tool_calls").EnumerateArray())
            .Select(c => c.GetProperty("function").TryGetProperty("arguments", out var a) ? a.GetString() : "");
        var (whole, joined) = (JsonDocument.Parse(call.GetProperty("arguments").GetString()!), JsonDocument.Parse(string.Concat(pieces)));
        Assert.True(JsonElement.DeepEquals(whole.RootElement, joined.RootElement));
    }

    [Theory]
    [MemberData(nameof(Others))]
    public async Task ErrorOfTheProvider_KeepsItsMeaning(Dialect dialect)
    {
        await using var rig = await StartAsync(_ => dialect, new() { Simulators = 1, Breaker = BreakerOptions.Default with { Enabled = false } });
        foreach (var (fault, kind) in new[]
        {
            ("status=400,code=context_length_exceeded,times=1", ErrorKind.ContextLength), ("status=401,times=1", ErrorKind.ProviderAuth),
            ("status=404,times=1", ErrorKind.ProviderNotFound), ("status=429,times=3", ErrorKind.ProviderRateLimited),
            ("status=503,times=3", ErrorKind.ProviderOverloaded), ("status=500,times=3", ErrorKind.ProviderError), ("status=400,times=1", ErrorKind.InvalidRequest),
        })
        {
            rig.Primary.Faults.Add("*", fault);

            var chat = await rig.ChatAsync();

            Assert.Equal((fault, kind), (fault, (await rig.Records.NextAsync()).Error));
            if (dialect != Dialect.Azure)
            {
                // What the caller did wrong passes through from Azure as it came.
                ErrorShape.Check(JsonDocument.Parse(chat.Bytes).RootElement);
            }
        }
    }

    public static TheoryData<Dialect, Dialect, string, string> Rescues()
    {
        var data = new TheoryData<Dialect, Dialect, string, string>();
        Dialect[] dialects = [Dialect.OpenAi, Dialect.Anthropic, Dialect.Gemini];
        foreach (var from in dialects)
        {
            foreach (var to in dialects)
            {
                data.Add(from, to, "cut-after=5,end=clean", "");
                data.Add(from, to, "error-in-stream-after=5", "");
                data.Add(from, to, "cut-after=5,end=clean", "no-prefill");
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Rescues))]
    public async Task BrokenStream_IsContinuedByAProviderThatSpeaksSomethingElse(Dialect from, Dialect to, string fault, string atFallback)
    {
        await using var rig = await StartAsync(i => i == 0 ? from : to);
        rig.Primary.Faults.Add("*", fault);
        if (atFallback.Length > 0)
        {
            rig.Fallback.Faults.Add("*", atFallback);
        }

        var chat = await rig.ChatAsync(stream: true, extra: Usage);

        Assert.True(chat is { Done: true, Broken: false, Error: null, HasUsage: true }, chat.Raw);
        Assert.Equal(rig.Expected(), chat.Text);
        Assert.Equal("p1/gpt-sim", chat.Events[^1].GetProperty("x_relay").GetProperty("target").GetString());
    }

    /// <summary>Anthropic refuses an assistant's last message that ends in white space, and its model then begins with that white space.</summary>
    [Theory]
    [InlineData(" ", "")]
    [InlineData(" ", ",no-prefill")]
    public async Task TextThatBreaksAfterWhiteSpace_IsContinuedWithoutMoreOfIt(string space, string fault)
    {
        var words = Answers.Text(new SimulatorOptions(), "hello").Split(' ');
        var sent = string.Join(' ', words[..4]) + space;
        await using var raw = await RawRig.StreamAsync(Sse.Text(sent), new RigOptions { Dialect = i => i == 0 ? Dialect.OpenAi : Dialect.Anthropic });
        if (fault.Length > 0)
        {
            raw.Rig.Primary.Faults.Add("*", fault[1..]);
        }

        var chat = await raw.Rig.ChatAsync(stream: true);

        Assert.True(chat is { Done: true, Broken: false, Error: null }, chat.Raw);
        Assert.Equal(raw.Rig.Expected(), chat.Text);
        Assert.Equal(fault.Length > 0 ? 3 : 2, (await raw.Rig.Records.NextAsync()).Attempts.Count);
    }

    [Fact]
    public async Task RequestThatMeansSomethingElseThere_GoesToTheNextTargetUnsent()
    {
        await using var rig = await StartAsync(i => i == 0 ? Dialect.Anthropic : Dialect.OpenAi);

        var chat = await rig.ChatAsync(extra: ",\"n\":2");

        Assert.Equal((200, "p1/gpt-sim", 1), (chat.Status, chat.Target, chat.Attempts));
        Assert.Equal(0, rig.Primary.Log.Total);
    }

    /// <summary>Gemini says when to come back in the error's body, not in a header.</summary>
    [Fact]
    public async Task WaitThatGeminiNames_LeavesTheTargetAlone()
    {
        await using var rig = await StartAsync(i => i == 0 ? Dialect.Gemini : Dialect.OpenAi);
        rig.Primary.Faults.Add("*", "status=429,times=1,retry-after=30");

        var first = await rig.ChatAsync();
        var second = await rig.ChatAsync(stream: true);

        Assert.Equal(("p1/gpt-sim", 2), (first.Target, first.Attempts));
        Assert.Equal(("p1/gpt-sim", 1), (second.Target, second.Attempts));
        Assert.Equal(1, rig.Primary.Log.Total);
    }

    [Fact]
    public async Task FieldThatIsNotHonoured_IsNamed()
    {
        await using var rig = await StartAsync(_ => Dialect.Anthropic);

        var chat = await rig.ChatAsync(extra: ",\"seed\":7");

        Assert.Equal((200, "seed"), (chat.Status, chat.Headers["x-relay-dropped"]));
    }

    private static Task<Rig> StartAsync(Func<int, Dialect> dialect, RigOptions? options = null) =>
        Rig.StartAsync((options ?? new()) with { Dialect = dialect });
}
