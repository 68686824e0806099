using System.Buffers;

namespace Relay.Gateway.Attempts;

/// <summary>A plain answer, held back in pooled memory until its record is safe. Dispose when sent.</summary>
internal sealed class PlainAnswer(byte[] rented, int length, HttpResponseMessage response) : IDisposable
{
    private byte[]? _rented = rented;

    /// <summary>The body.</summary>
    public ReadOnlyMemory<byte> Body => _rented.AsMemory(0, length);

    /// <summary>The provider's answer, for its headers.</summary>
    public HttpResponseMessage Response => response;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _rented, null) is { } array)
        {
            ArrayPool<byte>.Shared.Return(array);
            response.Dispose();
        }
    }
}
