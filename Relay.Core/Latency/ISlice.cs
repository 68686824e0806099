namespace Relay.Core.Latency;

/// <summary>What a time slice holds: an immutable value that merges associatively and commutatively, with an identity.</summary>
/// <typeparam name="T">The implementing type.</typeparam>
internal interface ISlice<T>
    where T : class, ISlice<T>
{
    /// <summary>The identity of merging, one shared instance.</summary>
    static abstract T Empty { get; }

    /// <summary>Both together.</summary>
    static abstract T Merge(T a, T b);

    /// <summary>All together.</summary>
    static abstract T MergeAll(ReadOnlySpan<T> all);
}
