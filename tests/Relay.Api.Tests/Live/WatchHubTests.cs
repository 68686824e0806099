using Microsoft.Extensions.Logging;
using Relay.Api.Live;
using Relay.Api.Stats;
using Relay.Core.Latency;
using Relay.Silo.Embedded;
using Relay.Silo.Grains;
using Relay.TestKit;

namespace Relay.Api.Tests.Live;

public sealed class WatchHubTests : IAsyncDisposable
{
    private static readonly TimeSpan Never = TimeSpan.FromDays(1);

    private readonly ManualTimeProvider _time = new();
    private readonly EmbeddedGrains _grains;
    private readonly WatchHub _hub;
    private long _sequence;

    public WatchHubTests()
    {
        _grains = new EmbeddedGrains(_time);
        _hub = Hub(_grains);
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task FirstFrame_ComesAtOnceAndTheNextOnesWithEveryChange()
    {
        using var watcher = Watch();

        var first = await TakeAsync(watcher);
        await ReportAsync();
        await PaceAsync();
        var second = await TakeAsync(watcher);

        Assert.Equal((1UL, 0L), (first.Sequence, first.Report.Total.Count));
        Assert.Equal((2UL, 1L), (second.Sequence, second.Report.Total.Count));
    }

    [Fact]
    public async Task NothingChanged_NoFrame()
    {
        using var watcher = Watch();
        await TakeAsync(watcher);

        for (var i = 0; i < 20; i++)
        {
            await PaceAsync();
        }

        await ReportAsync();
        await PaceAsync();
        Assert.Equal(2UL, (await TakeAsync(watcher)).Sequence);
    }

    [Fact]
    public async Task ChangesWithoutEnd_TenFramesASecond()
    {
        using var watcher = Watch();
        await TakeAsync(watcher);
        await _time.ArmedAsync(WatchHub.Pace);
        var taken = new List<ulong>();

        for (var ms = 0; ms < 1_000; ms += 10)
        {
            await ReportAsync();
            _time.Advance(TimeSpan.FromMilliseconds(10));
            if (ms % 100 == 90)
            {
                taken.Add((await TakeAsync(watcher)).Sequence);
                await _time.ArmedAsync(WatchHub.Pace);
            }
        }

        Assert.Equal([2, 3, 4, 5, 6, 7, 8, 9, 10, 11], taken);
        Assert.Null(await NoneAsync(watcher));
    }

    [Fact]
    public async Task AllWatchersOfAWindow_ShareItsFrames()
    {
        using var first = Watch();
        var frame = await TakeAsync(first);
        using var second = Watch();
        using var other = Watch(Window.OneHour);

        Assert.Same(frame, await TakeAsync(second));
        Assert.NotSame(frame, await TakeAsync(other));
        await ReportAsync();
        await PaceAsync();
        Assert.Same(await TakeAsync(first), await TakeAsync(second));
    }

    [Fact]
    public async Task SlowWatcher_SkipsToTheNewestFrame()
    {
        using var slow = Watch();
        using var quick = Watch();
        await TakeAsync(slow);
        await TakeAsync(quick);

        for (var i = 2UL; i <= 6; i++)
        {
            await ReportAsync();
            await PaceAsync();
            Assert.Equal(i, (await TakeAsync(quick)).Sequence);
        }

        Assert.Equal(6UL, (await TakeAsync(slow)).Sequence);
        Assert.Null(await NoneAsync(slow));
    }

    [Fact]
    public async Task OwnRate_IsKept()
    {
        using var watcher = Watch(rate: 2.1);
        await TakeAsync(watcher);
        await ReportAsync();
        await PaceAsync();

        var taking = TakeAsync(watcher);
        for (var i = 0; i < 3; i++)
        {
            await ReportAsync();
            await PaceAsync();
            Assert.False(taking.IsCompleted);
        }

        await ReportAsync();
        await PaceAsync();
        Assert.Equal(5UL, (await taking).Sequence);
    }

    [Fact]
    public async Task NobodyWatches_NobodyAsksTheGrains()
    {
        var grains = new FakeGrains(_ => Task.FromResult(FakeGrains.Empty));
        await using var hub = Hub(grains);
        Assert.Empty(grains.Asked);
        var watcher = hub.TryWatch(Window.OneMinute, 10)!;
        await TakeAsync(watcher);
        await _time.ArmedAsync(WatchHub.Pace);
        var asked = grains.Asked.Count;

        watcher.Dispose();
        _time.Advance(TimeSpan.FromSeconds(10));
        await hub.Producer(Window.OneMinute).WaitAsync(Patience.Token);

        Assert.Equal((asked, 0), (grains.Asked.Count, _time.ArmedTimers));
        using var next = hub.TryWatch(Window.OneMinute, 10)!;
        Assert.Equal(2UL, (await TakeAsync(next)).Sequence);
    }

    [Fact]
    public async Task GrainsFail_ToldOnceAndGoesOnWhenTheyAnswer()
    {
        var fails = true;
        using var log = new CapturedLog();
        await using var hub = Hub(new FakeGrains(_ => fails ? throw new IOException("away") : Task.FromResult(FakeGrains.Empty)), log);
        using var watcher = hub.TryWatch(Window.OneMinute, 10)!;
        await PaceAsync();
        await PaceAsync();

        fails = false;
        await PaceAsync();

        Assert.Equal(1UL, (await TakeAsync(watcher)).Sequence);
        Assert.Equal("Live stats over 1m stand still: they could not be read (IOException)", Assert.Single(log.Events, e => e.Id == 3004).Text);
    }

    [Fact]
    public async Task GrainsHang_GivenUpAfterTwoSeconds()
    {
        var never = new TaskCompletionSource<MeterStats>();
        var answers = new Queue<Task<MeterStats>>([never.Task]);
        using var log = new CapturedLog();
        await using var hub = Hub(new FakeGrains(_ => answers.TryDequeue(out var next) ? next : Task.FromResult(FakeGrains.Empty)), log);
        using var watcher = hub.TryWatch(Window.OneMinute, 10)!;

        await _time.ArmedAsync(TimeSpan.FromSeconds(2));
        _time.Advance(TimeSpan.FromSeconds(2));
        await PaceAsync();

        Assert.Equal(1UL, (await TakeAsync(watcher)).Sequence);
        Assert.Single(log.Events, e => e.Id == 3004);
    }

    [Theory]
    [InlineData(0, 3_000_000, 100)]
    [InlineData(20, 6_000_000, 100)]
    [InlineData(50, 6_000_000, 250)]
    [InlineData(2_000, 0, 1_000)]
    [InlineData(0, 32_000_000, 500)]
    [InlineData(50, 32_000_100, 501)]
    [InlineData(0, 6_400_000_000, 5_000)]
    public void Pace_IsSlowerWhereLookingOrSendingWouldTakeTooMuch(int lookMs, long bytes, int paceMs) =>
        Assert.Equal(TimeSpan.FromMilliseconds(paceMs), WatchHub.PaceAfter(TimeSpan.FromMilliseconds(lookMs), bytes));

    [Fact]
    public async Task ManyWatchersOfMuch_GetFramesLessOften()
    {
        var models = Enumerable.Range(0, 40).Select(i => new ModelTopology($"m{i}", "priority", [$"p/{i}"])).ToArray();
        var joined = new TaskCompletionSource<MeterStats>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var hub = new WatchHub(new StatsQuery(new FakeGrains(_ => joined.Task), new FixedTopology(models), _time), _time, new CapturedLog().CreateLogger("hub"));
        var all = Enumerable.Range(0, WatchHub.MaxWatchers).Select(_ => hub.TryWatch(Window.OneMinute, 10)!).ToArray();
        joined.SetResult(FakeGrains.Empty);
        var frame = await TakeAsync(all[0]);

        var pace = WatchHub.PaceAfter(TimeSpan.Zero, (long)frame.Figures.Length * all.Length);
        Assert.InRange(pace, TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(2));
        await _time.ArmedAsync(pace);
    }

    [Fact]
    public void MoreThanAThousand_AreRefusedUntilOneLeaves()
    {
        var all = Enumerable.Range(0, WatchHub.MaxWatchers).Select(i => _hub.TryWatch(TrailingWindows.All[i % 4], 10)!).ToList();
        Assert.All(all, Assert.NotNull);
        Assert.Null(_hub.TryWatch(Window.OneMinute, 10));

        all[0].Dispose();
        all[0].Dispose();

        using var next = _hub.TryWatch(Window.OneMinute, 10);
        Assert.NotNull(next);
        Assert.Null(_hub.TryWatch(Window.OneMinute, 10));
    }

    [Fact]
    public async Task ManyJoinAndLeaveAtOnce_EveryOneGetsAFrameAndNothingIsLeft()
    {
        var joining = Enumerable.Range(0, 200).Select(i => Task.Run(async () =>
        {
            using var watcher = _hub.TryWatch(TrailingWindows.All[i % 4], 10)!;
            Assert.NotNull(await watcher.TakeAsync(Never, Patience.Token));
        })).ToArray();
        await Task.WhenAll(joining);

        _hub.Stop();
        await Task.WhenAll(TrailingWindows.All.ToArray().Select(_hub.Producer));
        Assert.Equal(0, _time.ArmedTimers);
    }

    private WatchHub Hub(IGrains grains, ILoggerFactory? log = null) =>
        new(new StatsQuery(grains, new FixedTopology(FixedTopology.Default), _time), _time, (log ?? new CapturedLog()).CreateLogger("hub"));

    private Watcher Watch(Window window = Window.FiveMinutes, double rate = 10) => _hub.TryWatch(window, rate)!;

    private static async Task<WatchFrame> TakeAsync(Watcher watcher) => (await watcher.TakeAsync(Never, Patience.Token))!.Frame;

    /// <summary>Null when there is no frame that waits.</summary>
    private async Task<WatchPicture?> NoneAsync(Watcher watcher)
    {
        var limit = TimeSpan.FromMilliseconds(1);
        var taking = watcher.TakeAsync(limit, Patience.Token).AsTask();
        await _time.ArmedAsync(limit);
        _time.Advance(limit);
        return await taking;
    }

    private async Task PaceAsync()
    {
        await _time.ArmedAsync(WatchHub.Pace);
        _time.Advance(WatchHub.Pace);
    }

    private async Task ReportAsync()
    {
        var delta = new MeterDelta(Traffic.Counts((Counters.Count, 1)), Traffic.Times(), Traffic.Times(), Traffic.Times(), Traffic.Times());
        await _grains.ApplyAsync(new ModelDelta("g", ++_sequence, "chat", delta, 0), CancellationToken.None);
    }
}
