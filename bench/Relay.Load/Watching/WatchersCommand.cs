using System.Globalization;
using System.Net.Sockets;
using Relay.Core.Latency;
using Relay.Load.Cli;

namespace Relay.Load.Watching;

/// <summary><c>watchers</c>: watches, or asks at a fixed rate, until it is asked to end, and prints one line of figures. A process of its own, so that it does not slow the driver.</summary>
internal static class WatchersCommand
{
    /// <summary>The line that says that all is under way.</summary>
    public const string Ready = "watching";

    /// <summary>The beginning of the line of figures, each as name=value.</summary>
    public const string Result = "figures";

    private const int WarmUpCalls = 200;

    /// <summary>So many for each watcher, before anything counts.</summary>
    private const int WarmUpFrames = 3;

    /// <summary>Runs until it is stopped.</summary>
    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        var api = new Uri(arguments.Text("api") ?? throw new UsageException("watchers needs --api."));
        var grpc = new Uri(arguments.Text("grpc") ?? throw new UsageException("watchers needs --grpc."));
        var watchers = arguments.Whole("watchers", 0);
        var rate = arguments.Number("calls", 0);
        var model = arguments.Text("model") ?? "model-0";
        var seen = new Seen(watchers * WarmUpFrames);
        using var stats = new RawStats(grpc);
        var all = Enumerable.Range(0, watchers).Select(i => i % 2 == 0 ? WatchGrpcAsync(grpc, seen, stop) : WatchHttpAsync(api, seen, stop)).ToList();
        await seen.Enough.WaitAsync(stop);
        if (rate > 0)
        {
            await WarmUpAsync(stats, model, stop);
            all.Add(CallAsync(stats, rate, model, seen, stop));
        }

        var start = seen.Begin();
        await Console.Out.WriteLineAsync(Ready);
        await Task.WhenAll(all);
        await Console.Out.WriteLineAsync(seen.Text(Clock.Seconds(start, Clock.Now)));
        return 0;
    }

    /// <summary>What this process's own first calls take, connecting and compiling, is no figure of the server's.</summary>
    private static async Task WarmUpAsync(RawStats stats, string model, CancellationToken stop)
    {
        var unseen = new Seen(0);
        for (var i = 0; i < WarmUpCalls; i++)
        {
            await TimeAsync(stats, isList: i % 2 == 0, model, unseen, stop);
        }
    }

    private static async Task WatchGrpcAsync(Uri server, Seen seen, CancellationToken stop)
    {
        using var stats = new RawStats(server);
        await GuardAsync(() => stats.WatchAsync(V1.Window._1M, seen.Frame, stop), seen, stop);
    }

    private static Task WatchHttpAsync(Uri server, Seen seen, CancellationToken stop) =>
        GuardAsync(() => RawEvents.WatchAsync(server, seen.Bytes, stop), seen, stop);

    private static async Task CallAsync(RawStats stats, double rate, string model, Seen seen, CancellationToken stop)
    {
        using var ticks = new PeriodicTimer(TimeSpan.FromSeconds(1 / rate), TimeProvider.System);
        var running = new HashSet<Task>();
        await GuardAsync(
            async () =>
            {
                for (var i = 0; await ticks.WaitForNextTickAsync(stop); i++)
                {
                    running.RemoveWhere(call => call.IsCompleted);
                    var isList = i % 2 == 0;
                    running.Add(GuardAsync(() => TimeAsync(stats, isList, model, seen, stop), seen, stop));
                }
            },
            seen,
            stop);
        await Task.WhenAll(running);
    }

    private static async Task TimeAsync(RawStats stats, bool isList, string model, Seen seen, CancellationToken stop)
    {
        var start = Clock.Now;
        var bytes = isList
            ? await stats.CallAsync("ListModels", new V1.ListModelsRequest { Window = V1.Window._5M }, stop)
            : await stats.CallAsync("GetModel", new V1.GetModelRequest { Model = model, Window = V1.Window._5M }, stop);
        seen.Call(isList, Clock.Micros(start, Clock.Now), bytes);
    }

    private static async Task GuardAsync(Func<Task> work, Seen seen, CancellationToken stop)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or HttpRequestException or SocketException)
        {
            if (!stop.IsCancellationRequested)
            {
                seen.Error();
            }
        }
    }

    /// <summary>What all of them saw.</summary>
    private sealed class Seen(int enough)
    {
        private readonly TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _gate = new();
        private readonly HistogramBuffer _list = new();
        private readonly HistogramBuffer _one = new();
        private long _frames;
        private long _bytes;
        private long _listBytes;
        private long _errors;

        /// <summary>As many frames as were asked for are there.</summary>
        public Task Enough => enough == 0 ? Task.CompletedTask : _enough.Task;

        /// <summary>Forgets what was seen; the time from which it counts.</summary>
        public long Begin()
        {
            Interlocked.Exchange(ref _frames, 0);
            Interlocked.Exchange(ref _bytes, 0);
            return Clock.Now;
        }

        public void Frame(long bytes) => Bytes(bytes, frames: 1);

        public void Bytes(long bytes, int frames)
        {
            Interlocked.Add(ref _bytes, bytes);
            if (Interlocked.Add(ref _frames, frames) >= enough)
            {
                _enough.TrySetResult();
            }
        }

        public void Call(bool isList, long micros, long bytes)
        {
            lock (_gate)
            {
                (isList ? _list : _one).Record(micros);
                _listBytes = isList ? bytes : _listBytes;
            }
        }

        public void Error() => Interlocked.Increment(ref _errors);

        public string Text(double seconds)
        {
            lock (_gate)
            {
                var (list, one) = (_list.Drain(), _one.Drain());
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Result} frames={_frames / seconds:0.#} bytes={_bytes / seconds:0} errors={_errors} calls={list.Count + one.Count} list50={list.Quantile(0.5) ?? 0} list99={list.Quantile(0.99) ?? 0} one50={one.Quantile(0.5) ?? 0} one99={one.Quantile(0.99) ?? 0} answer={_listBytes}");
            }
        }
    }
}
