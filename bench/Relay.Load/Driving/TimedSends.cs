using System.Threading.Channels;
using Relay.Load.Os;

namespace Relay.Load.Driving;

/// <summary>
/// Sends at fixed times, whether or not earlier ones are answered. The times are those of one thread that does nothing else; a worker
/// that is free sends on that thread, so that a request leaves at its time, without a hand-over.
/// </summary>
internal static class TimedSends
{
    /// <summary>Sends that may wait for a free worker; more are given up.</summary>
    public const int MaxWaiting = 16_384;

    /// <summary>Runs until all were sent and are through.</summary>
    /// <param name="offsets">When to send each, in ticks of <see cref="Clock"/> from the start, rising.</param>
    /// <param name="workers">How many may be under way at once.</param>
    /// <param name="send">Sends one: the worker from 0 on, the number of the request from 0 on, and when it was meant to start.</param>
    /// <param name="giveUp">Told of a request for which no worker was free for too long.</param>
    /// <param name="stop">Stops early.</param>
    /// <returns>The start.</returns>
    public static async Task<long> RunAsync(
        IEnumerable<long> offsets, int workers, Func<int, long, long, ValueTask> send, Action<long> giveUp, CancellationToken stop)
    {
        var sends = Channel.CreateBounded<Due>(new BoundedChannelOptions(MaxWaiting) { SingleWriter = true, AllowSynchronousContinuations = true });
        var all = Enumerable.Range(0, workers).Select(worker => Task.Run(() => WorkAsync(worker, send, sends.Reader), CancellationToken.None)).ToArray();
        var start = Clock.Now;
        var scheduler = new Thread(() => Schedule(sends.Writer, start, offsets, giveUp, stop)) { IsBackground = true, Name = "arrivals" };
        scheduler.Start();
        await Task.WhenAll(all);
        return start;
    }

    /// <summary>Evenly spaced offsets.</summary>
    /// <param name="from">The first one, in ticks.</param>
    /// <param name="perSecond">The rate.</param>
    /// <param name="duration">For how long.</param>
    public static IEnumerable<long> Evenly(long from, double perSecond, TimeSpan duration)
    {
        var step = Clock.Ticks(TimeSpan.FromSeconds(1)) / perSecond;
        var count = (long)(duration.TotalSeconds * perSecond);
        for (var i = 0L; i < count; i++)
        {
            yield return from + (long)(i * step);
        }
    }

    private static void Schedule(ChannelWriter<Due> sends, long start, IEnumerable<long> offsets, Action<long> giveUp, CancellationToken stop)
    {
        var number = 0L;
        foreach (var offset in offsets)
        {
            if (stop.IsCancellationRequested)
            {
                break;
            }

            Native.SleepUntil(start + offset);
            if (!sends.TryWrite(new(number, start + offset)))
            {
                giveUp(number);
            }

            number++;
        }

        sends.Complete();
    }

    private static async Task WorkAsync(int worker, Func<int, long, long, ValueTask> send, ChannelReader<Due> sends)
    {
        await foreach (var (number, at) in sends.ReadAllAsync())
        {
            await send(worker, number, at);
        }
    }

    private readonly record struct Due(long Number, long At);
}
