using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Relay.Gateway;

/// <summary>Ids of requests: <c>req_</c> and 32 hexadecimal digits, 64 bits of the process and 64 of the request. Unique, not secret; one add and no system call each.</summary>
internal sealed class RequestIds
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    private readonly ulong _process = RandomBits();
    private long _next = (long)RandomBits();

    /// <summary>The next id.</summary>
    public string Next()
    {
        // SplitMix64's finalizer is a bijection: distinct states give distinct ids.
        var z = (ulong)Interlocked.Add(ref _next, unchecked((long)Step));
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return string.Create(36, (_process, z ^ (z >> 31)), static (chars, bits) =>
        {
            "req_".CopyTo(chars);
            bits._process.TryFormat(chars[4..], out _, "x16");
            bits.Item2.TryFormat(chars[20..], out _, "x16");
        });
    }

    private static ulong RandomBits()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }
}
