using Relay.Core.Latency;

namespace Relay.Silo.Grains;

/// <summary>The single owner of what is known cluster-wide of one model: its requests as clients saw them.</summary>
/// <remarks>
/// Thread-safe: one lock for each grain, held for the merge of one delta or of one window's slices (microseconds), never across an
/// await. <c>now</c> is monotonic time since any origin, the same for all calls.
/// </remarks>
/// <param name="model">The model's name.</param>
public sealed class ModelGrain(string model)
{
    /// <summary>The most failovers and rescues that are kept, and that one delta brings.</summary>
    public const int MaxStories = 100;

    // The story itself, and its request's id as a string; names are those of the configuration and shared.
    private const int BytesPerStory = 120 + 96;

    private readonly Lock _gate = new();
    private readonly Meter _meter = new();
    private readonly Latest<FailoverStory> _stories = new(MaxStories, static story => story.At);

    /// <summary>The most memory that one grain holds, in bytes: 8.6 MB; <see cref="Meter"/> says how much it holds otherwise.</summary>
    public static long MaxBytes => 192 + Meter.MaxBytes + (MaxStories * (BytesPerStory + 16));

    /// <summary>Merges a gateway's delta. One that was merged before changes no figure, in whatever order deltas come.</summary>
    /// <param name="delta">The delta.</param>
    /// <param name="now">Monotonic time.</param>
    /// <exception cref="ArgumentException">The delta cannot be one that a gateway made; nothing was merged.</exception>
    /// <returns>What is known of the gateway.</returns>
    public Receipt Apply(ModelDelta delta, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(delta);
        lock (_gate)
        {
            var receipt = _meter.Apply(delta.Gateway, delta.Sequence, delta.Meter, delta.Active, breaker: null, now);
            if (receipt.IsNew)
            {
                foreach (var story in delta.Stories)
                {
                    _stories.Add(story);
                }
            }

            return receipt;
        }
    }

    /// <summary>Takes over what a gateway reported before this grain first heard it.</summary>
    /// <param name="delivery">What it reported.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>False when it is not what is wanted; the next receipt says what is.</returns>
    public bool Restore(HistoryDelivery delivery, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        lock (_gate)
        {
            return _meter.Restore(delivery.Gateway, delivery.Before, delivery.History, now);
        }
    }

    /// <summary>All that it knows, when it moves.</summary>
    /// <param name="now">Monotonic time.</param>
    public GrainMemory Remember(TimeSpan now)
    {
        lock (_gate)
        {
            return new(_meter.Export(now), _meter.Gateways.Remember()) { Stories = _stories.NewestFirst() };
        }
    }

    /// <summary>Starts with what it knew elsewhere.</summary>
    /// <param name="memory">What it knew.</param>
    /// <param name="now">Monotonic time.</param>
    public void Resume(GrainMemory memory, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(memory);
        lock (_gate)
        {
            _meter.Import(memory.History, now);
            _meter.Gateways.Resume(memory.Gateways, now);
            foreach (var story in memory.Stories)
            {
                _stories.Add(story);
            }
        }
    }

    /// <summary>The latest failovers and rescues of its requests, newest first.</summary>
    public IReadOnlyList<FailoverStory> Stories()
    {
        lock (_gate)
        {
            return _stories.NewestFirst();
        }
    }

    /// <summary>The model's figures over a window.</summary>
    /// <param name="window">The window.</param>
    /// <param name="now">Monotonic time.</param>
    public ModelStats Stats(Window window, TimeSpan now)
    {
        lock (_gate)
        {
            return new ModelStats(model, _meter.Stats(window, now));
        }
    }

    /// <summary>One part of the model's figures along a window.</summary>
    /// <param name="query">Which, over what, in what steps.</param>
    /// <param name="now">Monotonic time.</param>
    public MeterSeries Series(in SeriesQuery query, TimeSpan now)
    {
        lock (_gate)
        {
            return _meter.Series(query, now);
        }
    }
}
