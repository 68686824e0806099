namespace Relay.Silo.Grains;

/// <summary>The latest of something by its time, at most <paramref name="max"/>, and past that the oldest is forgotten. Not thread-safe: the grain locks.</summary>
/// <param name="max">The most that are kept.</param>
/// <param name="at">When one was.</param>
/// <typeparam name="T">What is kept.</typeparam>
internal sealed class Latest<T>(int max, Func<T, DateTimeOffset> at)
{
    /// <summary>Oldest first; of the same time, in the order in which they came.</summary>
    private readonly List<T> _kept = [];

    /// <summary>Keeps one. Gateways report one after the other, so it may be older than what came before.</summary>
    public void Add(T item)
    {
        var place = _kept.Count;
        while (place > 0 && at(_kept[place - 1]) > at(item))
        {
            place--;
        }

        if (_kept.Count < max)
        {
            _kept.Insert(place, item);
        }
        else if (place > 0)
        {
            _kept.RemoveAt(0);
            _kept.Insert(place - 1, item);
        }
    }

    /// <summary>All of them, newest first.</summary>
    public T[] NewestFirst()
    {
        var all = _kept.ToArray();
        Array.Reverse(all);
        return all;
    }
}
