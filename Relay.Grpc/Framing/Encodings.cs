using Microsoft.Extensions.Primitives;

namespace Relay.Grpc.Framing;

/// <summary>The compressions of messages: none (<c>identity</c>) and gzip.</summary>
internal static class Encodings
{
    /// <summary>The header that names a message's compression.</summary>
    public const string Header = "grpc-encoding";

    /// <summary>The header that lists what can be read.</summary>
    public const string AcceptHeader = "grpc-accept-encoding";

    /// <summary>gzip (RFC 1952).</summary>
    public const string Gzip = "gzip";

    /// <summary>What can be read.</summary>
    public const string Accepted = "identity,gzip";

    /// <summary>Reads <c>grpc-encoding</c>: false when it names one that is not known.</summary>
    public static bool TryRead(StringValues header, out bool isGzip)
    {
        var name = header.ToString();
        isGzip = name.Equals(Gzip, StringComparison.OrdinalIgnoreCase);
        return isGzip || name.Length == 0 || name.Equals("identity", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Does <c>grpc-accept-encoding</c> list gzip?</summary>
    public static bool AcceptsGzip(StringValues header)
    {
        foreach (var line in header)
        {
            foreach (var part in line.AsSpan().Split(','))
            {
                if (line.AsSpan(part).Trim().Equals(Gzip, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
