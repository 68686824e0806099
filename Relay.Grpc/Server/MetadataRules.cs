using System.Buffers;
using System.Collections.Frozen;
using Relay.Grpc.Framing;

namespace Relay.Grpc.Server;

/// <summary>What may be a name and a value of metadata (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md).</summary>
internal static class MetadataRules
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>What HTTP itself says with headers.</summary>
    private static readonly FrozenSet<string> Reserved = FrozenSet.Create("connection", "content-length", "content-type", "te", "trailer", "transfer-encoding");

    /// <summary>Checks a text.</summary>
    public static void Check(string name, string value)
    {
        CheckName(name);
        ArgumentNullException.ThrowIfNull(value);
        if (BinaryHeader.Is(name))
        {
            throw new ArgumentException($"'{name}' is a name for bytes.", nameof(name));
        }

        if (value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            throw new ArgumentException($"The value of '{name}' is not printable ASCII; use a name that ends in -bin.", nameof(value));
        }
    }

    /// <summary>Checks the name of bytes.</summary>
    public static void CheckBinary(string name)
    {
        CheckName(name);
        if (!BinaryHeader.Is(name))
        {
            throw new ArgumentException($"'{name}' is a name for texts; those for bytes end in -bin.", nameof(name));
        }
    }

    private static void CheckName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.AsSpan().ContainsAnyExcept(NameCharacters) || name.StartsWith("grpc-", StringComparison.Ordinal) || Reserved.Contains(name))
        {
            throw new ArgumentException($"'{name}' is no name for metadata: lower-case letters, digits, '-', '_' and '.', no grpc- in front, and none of HTTP's own.", nameof(name));
        }
    }
}
