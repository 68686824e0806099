namespace Relay.Gateway.Upstream;

/// <summary>
/// A request body in pooled memory. Its array goes back to the pool only when nobody reads it: a cancelled send may still be
/// copying from it, and then the array is left to the garbage collector instead.
/// </summary>
internal sealed class PooledBody : IDisposable
{
    private const int Disposed = int.MinValue;

    private readonly byte[] _array;
    private int _readers;

    /// <summary>Takes over an array of <see cref="BodyArrays"/>.</summary>
    public PooledBody(byte[] rented, int length)
    {
        _array = rented;
        Memory = rented.AsMemory(0, length);
    }

    /// <summary>The body.</summary>
    public ReadOnlyMemory<byte> Memory { get; }

    /// <summary>Starts reading; false when the body is gone.</summary>
    public bool TryAddReader()
    {
        var readers = Volatile.Read(ref _readers);
        while (readers >= 0)
        {
            var seen = Interlocked.CompareExchange(ref _readers, readers + 1, readers);
            if (seen == readers)
            {
                return true;
            }

            readers = seen;
        }

        return false;
    }

    /// <summary>Ends reading.</summary>
    public void RemoveReader() => Interlocked.Decrement(ref _readers);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.CompareExchange(ref _readers, Disposed, 0) == 0)
        {
            BodyArrays.Return(_array);
        }
    }
}
