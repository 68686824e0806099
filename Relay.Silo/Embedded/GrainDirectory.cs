using System.Collections.Concurrent;

namespace Relay.Silo.Embedded;

/// <summary>The grains of one kind by name, made on the first write, at most <paramref name="limit"/>.</summary>
/// <param name="limit">The most names.</param>
/// <param name="make">Makes the grain of a name.</param>
/// <typeparam name="TGrain">The kind.</typeparam>
internal sealed class GrainDirectory<TGrain>(int limit, Func<string, TGrain> make)
    where TGrain : class
{
    private readonly ConcurrentDictionary<string, TGrain> _grains = new();
    private readonly Lock _adding = new();
    private int _count;

    /// <summary>The grain, or null when nothing was written to it.</summary>
    public TGrain? Find(string name) => _grains.GetValueOrDefault(name);

    /// <summary>The grain, made when it is new; null when it is new and there are as many as may be.</summary>
    public TGrain? FindOrAdd(string name)
    {
        if (_grains.TryGetValue(name, out var grain))
        {
            return grain;
        }

        // Making one is rare; under a lock the limit holds exactly.
        lock (_adding)
        {
            if (_grains.TryGetValue(name, out grain))
            {
                return grain;
            }

            if (_count == limit)
            {
                return null;
            }

            grain = make(name);
            _grains[name] = grain;
            _count++;
            return grain;
        }
    }
}
