using Relay.Core.Attempts;
using Relay.Core.Breaker;
using Relay.Core.Errors;
using Relay.Gateway.Recording;
using Relay.Gateway.Tests.Kit;
using Relay.Silo.Grains;
using Relay.TestKit;

namespace Relay.Gateway.Tests.ByHand;

/// <summary>Each failover and rescue leaves its story.</summary>
public sealed class FailoverStoryTests
{
    private const string Primary = "p0/gpt-sim";
    private const string Fallback = "p1/gpt-sim";

    private static readonly RetryOptions NoRetry = RetryOptions.Default with { MaxPerTarget = 0 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Failover_TellsFromToWhyAndHowItEnded()
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Retry = NoRetry });
        rig.Primary.Faults.Add("*", "status=500,times=1");
        await rig.ChatAsync();
        await rig.ChatAsync();

        var story = Assert.Single(await StoriesAsync(rig));
        var record = await rig.Records.NextAsync();
        Assert.Equal(
            (FailoverKind.Failover, Rig.Model, record.RequestId, Primary, Fallback, ErrorKind.ProviderError, true),
            (story.Kind, story.Model, story.RequestId, story.From, story.To, story.Error, story.Succeeded));
        Assert.Equal(record.Attempts[0].Latency, story.After);
        Assert.Equal(record.StartedAt + record.Attempts[1].StartedAfter, story.At);
        Assert.True(record.Attempts[1].StartedAfter >= record.Attempts[0].Latency);
    }

    [Fact]
    public async Task Rescue_IsToldAsOne()
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Retry = NoRetry });
        rig.Primary.Faults.Add("*", "cut-after=10");
        var chat = await rig.ChatAsync(stream: true);

        Assert.True(chat.Done);
        var story = Assert.Single(await StoriesAsync(rig));
        Assert.Equal((FailoverKind.Rescue, Primary, Fallback, true), (story.Kind, story.From, story.To, story.Succeeded));
        Assert.NotEqual(ErrorKind.None, story.Error);
    }

    [Fact]
    public async Task BreakerThatOpened_IsToldByTheFirstRequestThatItKeepsAway()
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Retry = NoRetry, Time = new ManualTimeProvider() });
        await rig.Grains.SetBreakerAsync(Primary, BreakerForce.Open, Cancellation);
        await rig.Gateway.FlushAsync(Cancellation);
        for (var i = 0; i < 5; i++)
        {
            await rig.ChatAsync();
        }

        var story = Assert.Single(await StoriesAsync(rig));
        Assert.Equal((Primary, Fallback, null, TimeSpan.Zero, true), (story.From, story.To, story.Error, story.After, story.Succeeded));
    }

    [Fact]
    public async Task RequestsWithoutFailover_LeaveNone()
    {
        await using var rig = await Rig.StartAsync();
        rig.Primary.Faults.Add("*", "status=500,times=1");
        await rig.ChatAsync();
        Assert.Empty(await StoriesAsync(rig));
        Assert.Contains("relay_stories_dropped_total 0\n", rig.Scrape(), StringComparison.Ordinal);
    }

    [Fact]
    public void MoreThanFitInOneFlush_AreDroppedAndCounted()
    {
        var box = new StoryBox();
        var dropped = Enumerable.Range(0, ModelGrain.MaxStories + 7).Sum(i => box.Add(Record(i)));
        Assert.Equal(7, dropped);
        Assert.Equal(Enumerable.Range(0, ModelGrain.MaxStories).Select(i => $"req_{i}"), box.Take().Select(s => s.RequestId));
        Assert.Empty(box.Take());
        Assert.Equal(0, box.Add(Record(1)));
    }

    [Fact]
    public void RecordOfOneAttempt_AllocatesNothing()
    {
        var box = new StoryBox();
        var record = Record(1) with { Attempts = [Attempt(Primary)] };
        box.Add(record);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            box.Add(record);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static async Task<IReadOnlyList<FailoverStory>> StoriesAsync(Rig rig)
    {
        await rig.Gateway.FlushAsync(Cancellation);
        return await rig.Grains.GetStoriesAsync(Rig.Model, Cancellation);
    }

    private static RequestRecord Record(int id) => new()
    {
        RequestId = $"req_{id}",
        StartedAt = DateTimeOffset.UnixEpoch.AddSeconds(id),
        Model = Rig.Model,
        Endpoint = "chat.completions",
        Attempts = [Attempt(Primary), Attempt(Fallback)],
    };

    private static AttemptRecord Attempt(string target) =>
        new(target, ErrorKind.ProviderError, Verdict.Failure, 500, IsRetry: false, Streamed: false, TimeSpan.FromMilliseconds(5), null, null, null, 0);
}
