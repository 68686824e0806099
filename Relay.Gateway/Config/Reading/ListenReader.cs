using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace Relay.Gateway.Config.Reading;

/// <summary>Reads <c>listen</c>.</summary>
internal static class ListenReader
{
    /// <summary>Bounds of <c>minClientBytesPerSecond</c>.</summary>
    public static readonly NumberBounds MinRate = new(0, 1_000_000);

    /// <summary>Bounds of <c>drain</c>.</summary>
    public static readonly DurationBounds Drain = new(TimeSpan.Zero, TimeSpan.FromHours(1));

    private const int MaxHosts = 64;

    /// <summary>Reads the section.</summary>
    /// <param name="at">The section; null when it is left out.</param>
    /// <param name="hasKeys">At least one key is configured, be it a wrong one.</param>
    public static ListenOptions Read(JsonCursor? at, bool hasKeys)
    {
        var defaults = new ListenOptions();
        if (at is not { } here || ObjectReader.Open(here, "write { \"gateway\": \"127.0.0.1:8080\", \"api\": \"127.0.0.1:8090\" }") is not { } section)
        {
            return defaults;
        }

        var listen = new ListenOptions
        {
            Gateway = Endpoint(section, "gateway", defaults.Gateway),
            Grpc = Endpoint(section, "grpc", defaults.Grpc),
            Api = Endpoint(section, "api", defaults.Api),
            ApiGrpc = Endpoint(section, "apiGrpc", defaults.ApiGrpc),
            ApiHosts = Hosts(section.Field("apiHosts")),
            MinClientBytesPerSecond = (int)section.Whole("minClientBytesPerSecond", defaults.MinClientBytesPerSecond, MinRate),
            Drain = section.Duration("drain", defaults.Drain, Drain),
        };
        section.Close();
        (string Name, IPEndPoint Endpoint)[] all = [("gateway", listen.Gateway), ("grpc", listen.Grpc), ("api", listen.Api), ("apiGrpc", listen.ApiGrpc)];
        foreach (var (name, endpoint) in all[..2])
        {
            if (!IPAddress.IsLoopback(endpoint.Address) && !hasKeys)
            {
                here.Field(name).Error(
                    $"{endpoint} is open to other machines, but no key is configured, so that anyone could spend your providers' money",
                    "add $.keys, for example [ { \"name\": \"app\", \"key\": \"env:RELAY_KEY\" } ], or listen on 127.0.0.1");
            }
        }

        for (var i = 1; i < all.Length; i++)
        {
            var mine = all[i].Endpoint;
            if (Array.Find(all[..i], other => mine.Port != 0 && mine.Port == other.Endpoint.Port && Overlap(mine.Address, other.Endpoint.Address)) is { Name: { } taken })
            {
                here.Field(all[i].Name).Error($"port {mine.Port} is that of {taken} already", "give each of gateway, grpc, api and apiGrpc a port of its own");
            }
        }

        return listen;
    }

    /// <summary>The endpoint of a text such as <c>127.0.0.1:8080</c>, <c>[::1]:8080</c>, <c>localhost:8080</c> or <c>:8080</c> (all IPv4 addresses), or null.</summary>
    public static IPEndPoint? Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            return null;
        }

        var host = text[..colon];
        var address = host switch
        {
            "" => IPAddress.Any,
            "localhost" => IPAddress.Loopback,
            ['[', .., ']'] => Address(host[1..^1], isV6: true),
            _ => Address(host, isV6: false),
        };
        return address is null ? null : new(address, port);
    }

    /// <summary>IPv4 must have its four parts: .NET also takes "1" for 0.0.0.1.</summary>
    private static IPAddress? Address(string text, bool isV6) =>
        text.Contains(':', StringComparison.Ordinal) == isV6 && (isV6 || text.Count(c => c == '.') == 3) && IPAddress.TryParse(text, out var address)
            ? address
            : null;

    private static IPEndPoint Endpoint(ObjectReader section, string name, IPEndPoint fallback)
    {
        const string Fix = "write an IP address and a port from 0 to 65535, such as \"127.0.0.1:8080\", \"[::1]:8080\", \"localhost:8080\" or, for all addresses, \":8080\"";
        if (section.Field(name) is not { } at || at.AsString(Fix) is not { } text)
        {
            return fallback;
        }

        if (Parse(text) is { } endpoint)
        {
            return endpoint;
        }

        at.Error($"{SafeText.Show(text)} is not an address with a port", $"{Fix} (default \"{fallback}\")");
        return fallback;
    }

    private static ImmutableArray<string> Hosts(JsonCursor? at)
    {
        const string Fix = "write host names, such as [ \"relay.example.com\" ]";
        if (at is not { } here || here.AsList(Fix) is not { } items)
        {
            return [];
        }

        if (items.Count > MaxHosts)
        {
            here.Error($"there are {items.Count} hosts", $"keep at most {MaxHosts}");
        }

        var hosts = ImmutableArray.CreateBuilder<string>();
        foreach (var item in items)
        {
            if (item.AsString(Fix) is not { } host)
            {
                continue;
            }

            if (Uri.CheckHostName(host.Trim('[', ']')) == UriHostNameType.Unknown)
            {
                item.Error($"{SafeText.Show(host)} is not a host name or address", "write it without scheme, port and path, such as \"relay.example.com\"");
            }

            hosts.Add(host);
        }

        return hosts.ToImmutable();
    }

    private static bool Overlap(IPAddress a, IPAddress b) => a.Equals(b) || IsAny(a) || IsAny(b);

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
