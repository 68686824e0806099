using System.Buffers;

namespace Relay.Gateway.Upstream;

/// <summary>A request body that is being written to pooled memory. Not thread-safe.</summary>
/// <param name="limit">The most bytes; writing more throws <see cref="BodyTooLargeException"/>.</param>
internal sealed class BodyWriter(long limit) : IBufferWriter<byte>, IDisposable
{
    private const int FirstSize = 4 * 1024;

    private byte[] _bytes = BodyArrays.Rent(FirstSize);
    private int _length;

    /// <inheritdoc/>
    public void Advance(int count)
    {
        if (_length + (long)count > limit)
        {
            throw new BodyTooLargeException();
        }

        _length += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        var wanted = _length + (long)Math.Max(1, sizeHint);
        if (wanted > _bytes.Length)
        {
            var larger = BodyArrays.Rent((int)Math.Min(Math.Max(_bytes.Length * 2L, wanted), Array.MaxLength));
            _bytes.AsSpan(0, _length).CopyTo(larger);
            BodyArrays.Return(_bytes);
            _bytes = larger;
        }

        return _bytes.AsMemory(_length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>The body; it is the caller's now, and this is empty.</summary>
    public PooledBody Detach()
    {
        var body = new PooledBody(_bytes, _length);
        (_bytes, _length) = ([], 0);
        return body;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_bytes.Length > 0)
        {
            BodyArrays.Return(_bytes);
            _bytes = [];
        }
    }
}

/// <summary>A body would be larger than it may be.</summary>
internal sealed class BodyTooLargeException() : Exception("The body is over its limit.");
