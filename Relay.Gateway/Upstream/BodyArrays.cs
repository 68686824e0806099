using System.Buffers;

namespace Relay.Gateway.Upstream;

/// <summary>
/// The arrays of request bodies. The shared pool keeps one of each size for every thread, which for large ones is memory that
/// grows with the threads; so it lends the small ones only, and at most <see cref="LargeKept"/> of each larger size are kept.
/// </summary>
internal static class BodyArrays
{
    /// <summary>The largest that the shared pool lends: 256 KiB.</summary>
    public const int LargestShared = 256 * 1024;

    /// <summary>The largest that is kept at all: 32 MiB. Larger ones are the garbage collector's.</summary>
    public const int LargestKept = 32 * 1024 * 1024;

    /// <summary>How many of each larger size are kept while nobody has them: 2, together at most 127 MiB. Sizes double.</summary>
    public const int LargeKept = 2;

    private static readonly ArrayPool<byte> Large = ArrayPool<byte>.Create(LargestKept, LargeKept);

    /// <summary>Lends an array of at least this length.</summary>
    public static byte[] Rent(int length) => PoolFor(length).Rent(length);

    /// <summary>Takes it back.</summary>
    public static void Return(byte[] array) => PoolFor(array.Length).Return(array);

    private static ArrayPool<byte> PoolFor(int length) => length <= LargestShared ? ArrayPool<byte>.Shared : Large;
}
