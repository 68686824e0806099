using System.Security.Cryptography.X509Certificates;

namespace Relay.Gateway.Config;

/// <summary>The way out to one provider.</summary>
public sealed record EgressOptions
{
    /// <summary>The defaults: a direct way, the system's trust.</summary>
    public static EgressOptions Default { get; } = new();

    /// <summary>The http proxy that requests go through: scheme, host and port. Null (the default): none, whatever the environment says.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>User name and password for the proxy, with a colon between, sent as Basic. Null: none.</summary>
    public Secret? ProxyCredential { get; init; }

    /// <summary>Certificates of authorities that are trusted besides the system's. Null: none.</summary>
    public PemCertificates? ExtraTrust { get; init; }

    /// <summary>The certificate that Relay shows, and those between it and its authority, if any. Null: none.</summary>
    public PemCertificates? ClientCertificate { get; init; }

    /// <summary>Its private key, in PEM.</summary>
    public Secret? ClientKey { get; init; }

    /// <summary>A connection that carried nothing for this long is closed. Default 90 s, from 1 s to 24 h.</summary>
    public TimeSpan ConnectionIdle { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>A connection this old takes no new request, so that changes of DNS are followed. Default 15 min, from 1 s to 24 h.</summary>
    public TimeSpan ConnectionLifetime { get; init; } = TimeSpan.FromMinutes(15);
}

/// <summary>Certificates in PEM, already checked to be some. Equal when their text is.</summary>
/// <param name="Text">The text; what is no certificate in it is passed over.</param>
public sealed record PemCertificates(string Text)
{
    /// <summary>Loads them; whoever asks disposes of them.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">One is broken.</exception>
    public X509Certificate2Collection Load()
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPem(Text);
        return all;
    }

    /// <summary>Not the text, which is long.</summary>
    public override string ToString() => "PEM";
}
