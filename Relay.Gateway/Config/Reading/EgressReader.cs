namespace Relay.Gateway.Config.Reading;

/// <summary>Reads a provider's <c>egress</c>.</summary>
internal static class EgressReader
{
    /// <summary>Bounds of <c>connectionIdle</c> and <c>connectionLifetime</c>.</summary>
    public static readonly DurationBounds Connection = new(TimeSpan.FromSeconds(1), TimeSpan.FromHours(24));

    private const string Example = "{ \"proxy\": \"http://proxy.example:3128\", \"caFile\": \"ca.pem\" }";
    private const string ClientExample = "{ \"certFile\": \"relay.pem\", \"keyFile\": \"relay.key\" }";

    /// <summary>Reads the section.</summary>
    /// <param name="at">The section; null when it is left out.</param>
    /// <param name="baseUrl">Where the provider is; null when that is wrong.</param>
    /// <param name="http2">The provider is spoken to in HTTP/2 and nothing else.</param>
    public static EgressOptions Read(JsonCursor? at, Uri? baseUrl, bool http2)
    {
        var defaults = EgressOptions.Default;
        if (at is not { } here || ObjectReader.Open(here, $"write {Example}") is not { } section)
        {
            return defaults;
        }

        var isHttp = baseUrl?.Scheme == Uri.UriSchemeHttp;
        var (proxy, credential) = section.Field("proxy") is { } field ? ProxyReader.Read(field) : default;
        if (proxy is not null && isHttp && http2)
        {
            here.Field("proxy").Error("HTTP/2 without TLS does not pass a proxy", "leave http2 out, or use an https base URL");
        }

        var trust = Tls(section.Field("caFile"), isHttp) is { } ca ? PemReader.Certificates(ca) : null;
        var (certificate, key) = Tls(section.Field("clientCertificate"), isHttp) is { } client ? ClientCertificate(client) : default;
        var egress = new EgressOptions
        {
            Proxy = proxy,
            ProxyCredential = credential,
            ExtraTrust = trust,
            ClientCertificate = certificate,
            ClientKey = key,
            ConnectionIdle = section.Duration("connectionIdle", defaults.ConnectionIdle, Connection),
            ConnectionLifetime = section.Duration("connectionLifetime", defaults.ConnectionLifetime, Connection),
        };
        section.Close();
        return egress;
    }

    /// <summary>What has no use without TLS is a mistake: somebody believes the way to be safe.</summary>
    private static JsonCursor? Tls(JsonCursor? at, bool isHttp)
    {
        if (isHttp)
        {
            at?.Error("has no use with an http base URL, where nothing is encrypted", "use an https base URL, or leave it out");
        }

        return at;
    }

    private static (PemCertificates? Certificate, Secret? Key) ClientCertificate(JsonCursor at)
    {
        if (ObjectReader.Open(at, $"write {ClientExample}") is not { } section)
        {
            return default;
        }

        var file = section.Required("certFile", $"write {ClientExample}");
        var keyFile = section.Field("keyFile") ?? file;
        section.Close();
        var certificate = file is { } here ? PemReader.Certificates(here) : null;
        return certificate is not null && keyFile is { } keyAt ? (certificate, PemReader.Key(keyAt, certificate)) : default;
    }
}
