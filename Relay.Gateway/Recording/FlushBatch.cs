namespace Relay.Gateway.Recording;

/// <summary>Calls of one round that are under way together, and what did not go out. Grains in this process answer at once and take no place.</summary>
/// <typeparam name="TSource">What is flushed.</typeparam>
internal sealed class FlushBatch<TSource>
{
    /// <summary>The most calls at once: enough to hide the way to a silo, too few to flood it.</summary>
    public const int MaxAtOnce = 32;

    private readonly List<(TSource Source, Task<bool> Call)> _running = [];
    private readonly List<TSource> _left = [];

    /// <summary>Adds a call; waits for those before it when there are <see cref="MaxAtOnce"/>.</summary>
    public async ValueTask AddAsync(TSource source, ValueTask<bool> call)
    {
        if (call.IsCompletedSuccessfully)
        {
            Take(source, call.Result);
            return;
        }

        _running.Add((source, call.AsTask()));
        if (_running.Count == MaxAtOnce)
        {
            await DrainAsync();
        }
    }

    /// <summary>Waits for all calls.</summary>
    /// <returns>What did not go out.</returns>
    public async ValueTask<List<TSource>> EndAsync()
    {
        await DrainAsync();
        return _left;
    }

    private async ValueTask DrainAsync()
    {
        foreach (var (source, call) in _running)
        {
            Take(source, await call);
        }

        _running.Clear();
    }

    private void Take(TSource source, bool isOut)
    {
        if (!isOut)
        {
            _left.Add(source);
        }
    }
}
