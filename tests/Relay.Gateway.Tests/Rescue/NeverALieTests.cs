using System.Text;
using System.Text.Json;
using Relay.Core.Breaker;
using Relay.Core.Errors;
using Relay.Core.Latency;
using Relay.Gateway.Tests.Kit;
using Relay.Silo.Grains;
using Relay.Simulator;

namespace Relay.Gateway.Tests.Rescue;

/// <summary>Whatever byte a stream ends at, the client has the whole answer or an explicit error.</summary>
public sealed class NeverALieTests
{
    private static readonly SimulatorOptions Simulated = new() { Name = "sim", DefaultWords = 6 };

    private static readonly RigOptions Options = new()
    {
        Simulator = _ => Simulated,
        Breaker = BreakerOptions.Default with { Enabled = false },
    };

    private static readonly byte[] Whole = Encoding.UTF8.GetBytes(Stream(Answers.Text(Simulated, "hello")));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CutAtEveryByte_WithATargetThatGoesOn_GivesTheExactWholeAnswer(bool reset)
    {
        var cut = 0;
        await using var raw = await RawRig.StartAsync(call => CutAsync(call, Volatile.Read(ref cut), reset), Options);

        for (; cut <= Whole.Length; cut++)
        {
            var chat = await raw.Rig.ChatAsync(stream: true);

            Assert.True(chat is { Done: true, Broken: false, Error: null } && chat.Text == raw.Rig.Expected(), $"cut at {cut}: {chat.Raw}");
            Assert.Equal("stop", FinishReason(chat));
        }
    }

    [Fact]
    public async Task CutAtEveryByte_WithoutATargetThatGoesOn_GivesTheExactWholeAnswerOrAnError()
    {
        var cut = 0;
        await using var raw = await RawRig.StartAsync(call => CutAsync(call, Volatile.Read(ref cut), reset: false), Options);
        raw.Rig.Primary.Faults.Add("*", "status=400");
        var finish = Encoding.UTF8.GetString(Whole).IndexOf("\"stop\"}]}", StringComparison.Ordinal) + "\"stop\"}]}".Length;

        for (; cut <= Whole.Length; cut++)
        {
            var chat = await raw.Rig.ChatAsync(stream: true);

            if (cut >= finish)
            {
                Assert.True(chat is { Done: true, Broken: false, Error: null } && chat.Text == raw.Rig.Expected(), $"cut at {cut}: {chat.Raw}");
            }
            else
            {
                Assert.True(chat is { Done: false, Error: not null } && (chat.Broken || chat.Status != 200), $"cut at {cut}: {chat.Raw}");
                Assert.StartsWith(chat.Text, raw.Rig.Expected(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task AnswerThatStartsOverAndGoesAnotherWay_EndsInOneError()
    {
        const string Sent = "The sky is blue because of the air";
        await using var other = RawUpstream.Stream(Sse.Role + Sse.Text("The sky is blue since ") + Sse.Text("the sun is white") + Sse.Finish() + Sse.Done);
        await using var raw = await RawRig.StreamAsync(Sse.Role + Sse.Text(Sent), Options with { Upstreams = [other.Url] });
        await using var rig = await Rig.StartAsync(Options with { Upstreams = [raw.Upstream.Url, other.Url], Simulators = 1 });

        var chat = await rig.ChatAsync(stream: true);

        Assert.Equal((Sent, true, false), (chat.Text, chat.Broken, chat.Done));
        Assert.Equal("truncated", chat.ErrorCode);
        Assert.Single(chat.Events, e => e.TryGetProperty("error", out _));
        Assert.Equal(0, rig.Primary.Log.Total);
        var record = await rig.Records.NextAsync();
        Assert.Equal([Verdict.Failure, Verdict.Neutral], record.Attempts.Select(a => a.Verdict));

        // The client pays for what it got, and what it got nothing of is shown as waste.
        Assert.Equal([true, false], record.Attempts.Select(a => a.Billed));
        Assert.Equal((record.Attempts[0].Usage, record.Attempts[0].Cost), (record.Usage, record.Cost));
        var wasted = record.Attempts[1];
        var metrics = rig.Scrape();
        Assert.Contains($"relay_wasted_tokens_total{{target=\"{wasted.Target}\"}} {wasted.Usage!.Value.Total}\n", metrics, StringComparison.Ordinal);
        Assert.Contains("relay_rescues_total{result=\"failed\"} 1\n", metrics, StringComparison.Ordinal);
        await rig.Gateway.FlushAsync();
        var model = (await rig.Grains.GetModelAsync(Rig.Model, Window.OneMinute, default)).Meter.Counts;
        var target = (await rig.Grains.GetTargetAsync(wasted.Target, Window.OneMinute, default)).Meter.Counts;
        Assert.Equal((wasted.Usage.Value.Total, wasted.Usage.Value.Total), (model[Counters.WastedTokens], target[Counters.WastedTokens]));
        Assert.Equal((wasted.Cost!.Value.Nanos, 1L, 0L), (target[Counters.WastedCostNanoUsd], target[Counters.Rescues], model[Counters.Rescues]));
    }

    [Theory]
    [InlineData("""{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"f","arguments":"{"}}]}""")]
    [InlineData("""{"refusal":"I will not"}""")]
    [InlineData("""{"audio":{"id":"audio_1","data":"AAAA"}}""")]
    public async Task WhatNobodyElseCouldGoOnWith_IsNotRescued(string delta)
    {
        await using var raw = await RawRig.StreamAsync(Sse.Role + Sse.Text("Well ") + Sse.Delta(delta), Options);

        var chat = await raw.Rig.ChatAsync(stream: true);

        Assert.True(chat.Broken && !chat.Done);
        Assert.Contains("truncated", chat.Raw, StringComparison.Ordinal);
        Assert.Equal(0, raw.Rig.Primary.Log.Total);
    }

    [Fact]
    public async Task TextThatEndsWithinACharacter_IsNotRescued()
    {
        await using var raw = await RawRig.StreamAsync(Sse.Role + Sse.Text("Well ") + Sse.Text("""half \ud83d"""), Options);
        using var response = await raw.Rig.PostAsync(Rig.Body(stream: true));

        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsStringAsync());

        Assert.Equal(ErrorKind.Truncated, (await raw.Rig.Records.NextAsync()).Error);
        Assert.Equal(0, raw.Rig.Primary.Log.Total);
    }

    [Fact]
    public async Task ReasoningThatBrokeOff_IsFollowedByAnAnswerFromTheNextTarget()
    {
        await using var raw = await RawRig.StreamAsync(Sse.Role + Sse.Delta("""{"reasoning_content":"Hm, let me"}"""), Options);

        var chat = await raw.Rig.ChatAsync(stream: true);

        Assert.Equal((raw.Rig.Expected(), true, false), (chat.Text, chat.Done, chat.Broken));
    }

    [Fact]
    public async Task EscapesInTheSentText_AreUnderstood()
    {
        await using var other = RawUpstream.Stream(Sse.Role + Sse.Text("""She said: \"Grüße, 🌍!\"\n and left""") + Sse.Finish() + Sse.Done);
        await using var raw = RawUpstream.Stream(Sse.Role + Sse.Text("""She said: \"Gr\u00fc""") + Sse.Text("""ße, \ud83c\udf0d!\"\n"""));
        await using var rig = await Rig.StartAsync(Options with { Upstreams = [raw.Url, other.Url], Simulators = 1 });

        var chat = await rig.ChatAsync(stream: true);

        Assert.Equal(("She said: \"Grüße, 🌍!\"\n and left", true), (chat.Text, chat.Done));
    }

    private static async Task CutAsync(RawCall call, int cut, bool reset)
    {
        await call.StartStreamAsync();
        await call.WriteAsync(Whole.AsMemory(0, cut / 2));
        await call.WriteAsync(Whole.AsMemory(cut / 2, cut - (cut / 2)));
        if (reset)
        {
            call.Reset();
        }
    }

    private static string Stream(string text)
    {
        var events = new StringBuilder(Sse.Role);
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf(' ', at + 1) is var space and > 0 ? space : text.Length;
            events.Append(Sse.Text(text[at..end]));
            at = end;
        }

        return events.Append(Sse.Finish()).Append(Sse.Usage).Append(Sse.Done).ToString();
    }

    private static string? FinishReason(Chat chat) => Assert.Single(
        chat.Events.SelectMany(e => e.GetProperty("choices").EnumerateArray()).Select(c => c.GetProperty("finish_reason")),
        r => r.ValueKind == JsonValueKind.String).GetString();
}
