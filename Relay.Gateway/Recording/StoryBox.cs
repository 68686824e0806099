using Relay.Core.Errors;
using Relay.Silo.Grains;

namespace Relay.Gateway.Recording;

/// <summary>The failovers and rescues of one model's requests since the last flush: at most <see cref="ModelGrain.MaxStories"/>, and what is beyond is dropped and counted. Thread-safe.</summary>
internal sealed class StoryBox
{
    private readonly Lock _gate = new();
    private List<FailoverStory>? _stories;

    /// <summary>Keeps what the record tells of going from one target to another.</summary>
    /// <returns>How many stories had no place.</returns>
    public int Add(RequestRecord record)
    {
        // Most requests have none: nothing is taken or made for them.
        if (record.Attempts.Count < 2 && record.PassedOver is null)
        {
            return 0;
        }

        var dropped = 0;
        if (record.PassedOver is { } kept && record.Attempts.Count > 0)
        {
            var first = record.Attempts[0];
            dropped += Keep(Story(record, first, kept, FailoverKind.Failover) with { Error = null, After = TimeSpan.Zero });
        }

        for (var i = 1; i < record.Attempts.Count; i++)
        {
            var (left, next) = (record.Attempts[i - 1], record.Attempts[i]);
            if (left.Target != next.Target)
            {
                dropped += Keep(Story(record, next, left.Target, next.IsRescue ? FailoverKind.Rescue : FailoverKind.Failover) with { Error = left.Error, After = left.Latency });
            }
        }

        return dropped;
    }

    /// <summary>Takes them, oldest first.</summary>
    public IReadOnlyList<FailoverStory> Take()
    {
        if (Volatile.Read(ref _stories) is null)
        {
            return [];
        }

        lock (_gate)
        {
            var taken = _stories!;
            _stories = null;
            return taken;
        }
    }

    private static FailoverStory Story(RequestRecord record, in AttemptRecord next, string from, FailoverKind kind) => new(
        record.StartedAt + next.StartedAfter, kind, record.Model, record.RequestId, from, next.Target, ErrorKind.None, TimeSpan.Zero, record.Error == ErrorKind.None);

    private int Keep(FailoverStory story)
    {
        lock (_gate)
        {
            _stories ??= [];
            if (_stories.Count == ModelGrain.MaxStories)
            {
                return 1;
            }

            _stories.Add(story);
            return 0;
        }
    }
}
