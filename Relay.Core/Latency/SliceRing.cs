namespace Relay.Core.Latency;

/// <summary>One level of a <see cref="SliceCascade{T}"/>: the last closed slices of one length, and what the open one has been given by finer levels.</summary>
/// <remarks>Slice number i covers [i, i + 1) slice lengths since the clock's origin, and lives in slot i modulo the ring's size.</remarks>
/// <typeparam name="T">What a slice holds.</typeparam>
internal sealed class SliceRing<T>
    where T : class, ISlice<T>
{
    private readonly T[] _closed;

    public SliceRing(WindowLevel level)
    {
        SliceTicks = level.Slice.Ticks;
        _closed = new T[level.Slices];
        Array.Fill(_closed, T.Empty);
    }

    /// <summary>Length of a slice in ticks of 100 ns.</summary>
    public long SliceTicks { get; }

    /// <summary>Number of the open slice.</summary>
    public long OpenNumber { get; private set; }

    /// <summary>What finer levels have handed to the open slice so far.</summary>
    public T Open { get; private set; } = T.Empty;

    /// <summary>How many closed slices are kept.</summary>
    public int Size => _closed.Length;

    /// <summary>Merges a closed slice of the next finer level into the open one.</summary>
    public void Add(T slice) => Open = T.Merge(Open, slice);

    /// <summary>Closes the open slice if <paramref name="now"/> lies past it. Slices skipped by a jump become empty; never more work than the ring is long.</summary>
    public bool TryClose(TimeSpan now, out T closed)
    {
        var number = now.Ticks / SliceTicks;
        closed = Open;
        if (number <= OpenNumber)
        {
            return false;
        }

        _closed[OpenNumber % Size] = Open;
        var skipped = Math.Min(Size, number - OpenNumber - 1);
        for (var i = 1; i <= skipped; i++)
        {
            _closed[(OpenNumber + i) % Size] = T.Empty;
        }

        OpenNumber = number;
        Open = T.Empty;
        return true;
    }

    /// <summary>Copies the closed slices, oldest first; the first one has number <see cref="OpenNumber"/> - <see cref="Size"/>.</summary>
    public void CopyClosed(Span<T> into)
    {
        var oldest = (int)(OpenNumber % Size);
        _closed.AsSpan(oldest).CopyTo(into);
        _closed.AsSpan(0, oldest).CopyTo(into[(Size - oldest)..]);
    }

    /// <summary>Every slice that holds anything, oldest first, the open one last.</summary>
    public IEnumerable<SlicePart<T>> Export(int level)
    {
        for (var number = Math.Max(0, OpenNumber - Size); number < OpenNumber; number++)
        {
            if (!ReferenceEquals(_closed[number % Size], T.Empty))
            {
                yield return new(level, number, IsOpen: false, _closed[number % Size]);
            }
        }

        if (!ReferenceEquals(Open, T.Empty))
        {
            yield return new(level, OpenNumber, IsOpen: true, Open);
        }
    }

    /// <summary>Merges into a closed slice; one that is no longer kept, or not closed yet, is dropped.</summary>
    public void MergeClosed(long number, T value)
    {
        if (number >= 0 && number < OpenNumber && number >= OpenNumber - Size)
        {
            ref var slot = ref _closed[number % Size];
            slot = T.Merge(slot, value);
        }
    }

    /// <summary>Every slice that is held, for counting memory.</summary>
    public IEnumerable<T> Held() => _closed.Append(Open);
}
