using System.Globalization;
using Relay.Exam;
using Relay.Load.Servers;

namespace Relay.Load.Soak;

/// <summary>Beside the load, streams at a fixed rate whose every character is checked.</summary>
internal sealed class ExactLoad(Uri gateway, string model)
{
    private readonly long[] _counts = new long[3];
    private string? _firstWrong;

    /// <summary>Wrong answers so far.</summary>
    public long Wrong => Volatile.Read(ref _counts[(int)ExactVerdict.Wrong]);

    /// <summary>Asks until the time is over; at most 256 at once, further ones are left out.</summary>
    public async Task RunAsync(double rate, TimeSpan duration, CancellationToken stop)
    {
        using var answers = new ExactAnswers(gateway, model, RelayConfigFile.Key);
        using var ticks = new PeriodicTimer(TimeSpan.FromSeconds(1 / rate), TimeProvider.System);
        var end = Clock.Now + Clock.Ticks(duration);
        var running = new HashSet<Task>();
        for (var number = 0L; Clock.Now < end && await ticks.WaitForNextTickAsync(stop); number++)
        {
            running.RemoveWhere(t => t.IsCompleted);
            if (running.Count < 256)
            {
                running.Add(AskAsync(answers, number, stop));
            }
        }

        await Task.WhenAll(running);
    }

    /// <summary>The sum, in words.</summary>
    public string Text() => string.Create(
        CultureInfo.InvariantCulture,
        $"Checked to the last character: {_counts[0]} right, {_counts[1]} told of an error, {_counts[2]} wrong.{(_firstWrong is null ? "" : $" The first wrong one: {_firstWrong}")}");

    private async Task AskAsync(ExactAnswers answers, long number, CancellationToken stop)
    {
        var (verdict, why) = await answers.AskAsync(number, stop);
        Interlocked.Increment(ref _counts[(int)verdict]);
        if (why is not null)
        {
            Interlocked.CompareExchange(ref _firstWrong, why, null);
        }
    }
}
