using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Relay.Cli.Server;

/// <summary>Where Relay's API speaks gRPC.</summary>
/// <param name="Uri">The address: scheme, host and port.</param>
internal sealed record ServerAddress(Uri Uri)
{
    /// <summary>The port where none is named, as in the configuration.</summary>
    public const int DefaultPort = 8091;

    /// <summary>What an address looks like.</summary>
    public const string Form = "HOST:PORT, HOST (port 8091), or a URL of these with http or https";

    /// <summary>This machine.</summary>
    public static ServerAddress Default { get; } = new(new Uri($"http://127.0.0.1:{DefaultPort}"));

    /// <summary>Host and port, for people.</summary>
    public override string ToString() => Uri.Scheme == Uri.UriSchemeHttps ? Uri.GetLeftPart(UriPartial.Authority) : $"{Uri.Host}:{Uri.Port}";

    /// <summary>Reads one; false when it has another form.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ServerAddress? address)
    {
        address = null;
        var isBareIPv6 = IPAddress.TryParse(text, out var ip) && ip.AddressFamily == AddressFamily.InterNetworkV6 && !text.StartsWith('[');
        var full = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{(isBareIPv6 ? $"[{text}]" : text)}";
        if (!Uri.TryCreate(full, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0
            || uri.UserInfo.Length > 0 || uri.PathAndQuery != "/" || uri.Fragment.Length > 0 || uri.Port == 0)
        {
            return false;
        }

        // A URL cannot tell its scheme's own port from none.
        var namesPort = !uri.IsDefaultPort || full.TrimEnd('/').EndsWith($":{uri.Port}", StringComparison.Ordinal);
        address = new(new UriBuilder(uri.Scheme, uri.Host, namesPort ? uri.Port : DefaultPort).Uri);
        return true;
    }
}
