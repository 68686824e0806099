using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Relay.Gateway.Config;

namespace Relay.Gateway.Upstream.Egress;

/// <summary>TLS to a provider: whom Relay trusts, and what it shows of itself.</summary>
internal static class EgressTls
{
    /// <summary>Sets it.</summary>
    public static void Apply(EgressOptions egress, SslClientAuthenticationOptions tls)
    {
        if (egress.ExtraTrust is { } extra)
        {
            tls.RemoteCertificateValidationCallback = new ExtraTrust(extra.Load()).Accepts;
        }

        if (egress is { ClientCertificate: { } certificates, ClientKey: { } key })
        {
            var pair = X509Certificate2.CreateFromPem(certificates.Text, key.Reveal());
            var chain = certificates.Load();
            chain[0].Dispose();
            chain.RemoveAt(0);
            tls.ClientCertificateContext = SslStreamCertificateContext.Create(pair, chain, offline: true);
        }
    }
}
