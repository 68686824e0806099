using System.Globalization;
using System.Net;

namespace Relay.ServiceDefaults;

/// <summary>Where a process listens by its environment, for orchestrators that give each replica its own port.</summary>
public static class ListenSettings
{
    /// <summary>ASP.NET Core's variable, which orchestrators such as Aspire write.</summary>
    public const string Urls = "ASPNETCORE_URLS";

    /// <summary>The first of these that is set: the variable as <c>ADDRESS:PORT</c> or as a port on loopback, or the first http URL of <see cref="Urls"/>; null when neither is.</summary>
    /// <param name="variable">The part's own variable.</param>
    /// <param name="usesUrls">False for a part that <see cref="Urls"/> does not speak of.</param>
    /// <exception cref="InvalidOperationException">A value cannot be read; the message says which.</exception>
    public static IPEndPoint? Read(string variable, bool usesUrls)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text)
        {
            // A port alone is what Aspire writes; as an address it would be a strange one.
            return ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? new IPEndPoint(IPAddress.Loopback, port)
                : IPEndPoint.TryParse(text, out var endpoint) ? endpoint
                : throw new InvalidOperationException($"{variable} is '{text}'; it may be ADDRESS:PORT, such as 127.0.0.1:8080, or a port alone.");
        }

        return usesUrls && Environment.GetEnvironmentVariable(Urls) is { Length: > 0 } urls ? OfUrls(urls) : null;
    }

    /// <summary>The endpoint of the first http URL; null when there is none.</summary>
    /// <param name="urls">URLs, separated by semicolons.</param>
    public static IPEndPoint? OfUrls(string urls)
    {
        ArgumentNullException.ThrowIfNull(urls);
        const string Scheme = "http://";
        var url = urls.Split(';', StringSplitOptions.TrimEntries).FirstOrDefault(u => u.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase));
        if (url?[Scheme.Length..].TrimEnd('/') is not { } authority)
        {
            return null;
        }

        // Not a Uri: * and + are no host names.
        var colon = authority.LastIndexOf(':');
        var (host, port) = colon < 0 || authority.EndsWith(']') ? (authority, "80") : (authority[..colon], authority[(colon + 1)..]);
        var address = host switch
        {
            "localhost" => IPAddress.Loopback,
            "*" or "+" => IPAddress.Any,
            _ => IPAddress.TryParse(host, out var ip) ? ip : null,
        };
        return address is not null && ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new IPEndPoint(address, number)
            : throw new InvalidOperationException($"{Urls} has '{url}'; its host may be localhost, *, or an address.");
    }
}
