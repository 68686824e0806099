using Relay.Load.Driving;

namespace Relay.Load.Tests;

public class TimedSendsTests
{
    [Fact]
    public async Task Sends_AreEachMadeOnceAndNotBeforeTheirTime()
    {
        var seen = new int[200];
        var early = 0;
        var step = Clock.Ticks(TimeSpan.FromMilliseconds(0.2));

        var start = await TimedSends.RunAsync(
            Enumerable.Range(0, seen.Length).Select(i => i * step),
            workers: 4,
            (_, number, at) =>
            {
                Interlocked.Increment(ref seen[number]);
                Interlocked.Add(ref early, Clock.Micros(Clock.Now, at) > 0 ? 1 : 0);
                return ValueTask.CompletedTask;
            },
            _ => Assert.Fail("A worker was free."),
            CancellationToken.None);

        Assert.All(seen, times => Assert.Equal(1, times));
        Assert.Equal(0, early);
        Assert.True(Clock.Now - start >= (seen.Length - 1) * step);
    }

    [Fact]
    public async Task SendsThatNoWorkerTakes_AreGivenUp()
    {
        const int More = 7;
        var (given, sent) = (0, 0);
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        await TimedSends.RunAsync(
            Enumerable.Repeat(0L, 1 + TimedSends.MaxWaiting + More),
            workers: 1,
            async (_, number, _) =>
            {
                sent++;
                await open.Task;
            },
            _ =>
            {
                if (Interlocked.Increment(ref given) == More)
                {
                    open.SetResult();
                }
            },
            CancellationToken.None);

        // Whether the worker had its first one before the others waited is open.
        Assert.Equal(1 + TimedSends.MaxWaiting + More, sent + given);
        Assert.InRange(given, More, More + 1);
    }
}
