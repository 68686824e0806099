using System.Runtime.InteropServices;
using Relay.Api.Live;
using Relay.Api.Stats;
using Relay.Core.Latency;
using Relay.Silo.Embedded;
using Relay.Silo.Grains;
using Relay.TestKit;

namespace Relay.Api.Tests.Live;

/// <summary>How a frame comes to many watchers, and what it costs to send it.</summary>
public sealed class WatchTurnsTests : IAsyncDisposable
{
    private static readonly TimeSpan Never = TimeSpan.FromDays(1);
    private static readonly TimeSpan BetweenTurns = TimeSpan.FromMilliseconds(1);

    private readonly ManualTimeProvider _time = new();
    private readonly EmbeddedGrains _grains;
    private readonly WatchHub _hub;
    private long _sequence;

    public WatchTurnsTests()
    {
        _grains = new EmbeddedGrains(_time);
        _hub = Hub(_grains, FixedTopology.Default);
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task ManyWatchers_WakeEightAtATimeAndThePaceStays()
    {
        var watchers = Enumerable.Range(0, 20).Select(_ => _hub.TryWatch(Window.OneMinute, 10)!).ToArray();
        await Task.WhenAll(watchers.Select(TakeAsync));
        await ReportAsync();
        await _time.ArmedAsync(WatchHub.Pace);
        var waiting = watchers.Select(TakeAsync).ToList();

        _time.Advance(WatchHub.Pace);
        foreach (var awake in new[] { 8, 8, 4 })
        {
            await _time.ArmedAsync(waiting.Count > 4 ? BetweenTurns : WatchHub.Pace - (2 * BetweenTurns));
            for (var i = 0; i < awake; i++)
            {
                var done = await Task.WhenAny(waiting).WaitAsync(Patience.Token);
                Assert.Equal(2UL, (await done).Frame.Sequence);
                waiting.Remove(done);
            }

            Assert.DoesNotContain(waiting, taking => taking.IsCompleted);
            _time.Advance(waiting.Count > 0 ? BetweenTurns : TimeSpan.Zero);
        }

        Assert.Empty(waiting);
    }

    [Fact]
    public async Task WhoJoinsBetweenTurns_HasTheNewFrameAtOnceAndOnlyOnce()
    {
        var watchers = Enumerable.Range(0, 9).Select(_ => _hub.TryWatch(Window.OneMinute, 10)!).ToArray();
        await Task.WhenAll(watchers.Select(TakeAsync));
        await ReportAsync();
        await _time.ArmedAsync(WatchHub.Pace);
        _time.Advance(WatchHub.Pace);
        await _time.ArmedAsync(BetweenTurns);

        using var late = _hub.TryWatch(Window.OneMinute, 10)!;
        Assert.Equal(2UL, (await TakeAsync(late)).Frame.Sequence);
        var next = TakeAsync(late);
        _time.Advance(BetweenTurns);
        await _time.ArmedAsync(WatchHub.Pace - BetweenTurns);
        Assert.False(next.IsCompleted);
        await ReportAsync();
        _time.Advance(WatchHub.Pace);

        Assert.Equal(3UL, (await next).Frame.Sequence);
    }

    [Fact]
    public async Task StopBetweenTurns_EndsTheProducer()
    {
        var watchers = Enumerable.Range(0, 9).Select(_ => _hub.TryWatch(Window.OneMinute, 10)!).ToArray();
        await Task.WhenAll(watchers.Select(TakeAsync));
        await ReportAsync();
        await _time.ArmedAsync(WatchHub.Pace);
        _time.Advance(WatchHub.Pace);
        await _time.ArmedAsync(BetweenTurns);

        _hub.Stop();

        await _hub.Producer(Window.OneMinute).WaitAsync(Patience.Token);
    }

    [Theory]
    [InlineData(WatchForm.GzipEvent)]
    [InlineData(WatchForm.GzipMessage)]
    public async Task Frame_IsCompressedOnceForAll(object form)
    {
        var watchers = Enumerable.Range(0, 5).Select(_ => _hub.TryWatch(Window.OneMinute, 10, (WatchForm)form)!).ToArray();
        var pictures = await Task.WhenAll(watchers.Select(TakeAsync));

        var bytes = pictures.Select(picture => Array((WatchForm)form == WatchForm.GzipEvent ? picture.ToGzipEvent()[0].Bytes : picture.ToGzipMessage()[1])).ToArray();

        Assert.All(bytes, array => Assert.Same(bytes[0], array));
    }

    [Theory]
    [InlineData(WatchForm.GzipEvent)]
    [InlineData(WatchForm.GzipMessage)]
    public async Task Pace_CountsWhatReallyGoesOut(object form)
    {
        var models = Enumerable.Range(0, 40).Select(i => new ModelTopology($"m{i}", "priority", [$"p/{i}"])).ToArray();
        var joined = new TaskCompletionSource<MeterStats>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var hub = Hub(new FakeGrains(_ => joined.Task), models);
        var compressed = Enumerable.Range(0, 400).Select(_ => hub.TryWatch(Window.OneMinute, 10, (WatchForm)form)!).ToArray();
        var plain = Enumerable.Range(0, 600).Select(_ => hub.TryWatch(Window.OneMinute, 10)!).ToArray();
        joined.SetResult(FakeGrains.Empty);
        var frame = (await TakeAsync(plain[0])).Frame;

        var small = frame.Size((WatchForm)form);
        Assert.InRange(small, 100, frame.Figures.Length / 5);
        var pace = WatchHub.PaceAfter(TimeSpan.Zero, (small * compressed.Length) + ((long)frame.Figures.Length * plain.Length));
        Assert.True(pace > WatchHub.Pace);
        await _time.ArmedAsync(pace);
    }

    private static byte[] Array(ReadOnlyMemory<byte> bytes) => MemoryMarshal.TryGetArray(bytes, out var array) ? array.Array! : [];

    private WatchHub Hub(IGrains grains, ModelTopology[] models) =>
        new(new StatsQuery(grains, new FixedTopology(models), _time), _time, new CapturedLog().CreateLogger("hub"));

    private static async Task<WatchPicture> TakeAsync(Watcher watcher) => (await watcher.TakeAsync(Never, Patience.Token))!;

    private async Task ReportAsync()
    {
        var delta = new MeterDelta(Traffic.Counts((Counters.Count, 1)), Traffic.Times(), Traffic.Times(), Traffic.Times(), Traffic.Times());
        await _grains.ApplyAsync(new ModelDelta("g", ++_sequence, "chat", delta, 0), CancellationToken.None);
    }
}
