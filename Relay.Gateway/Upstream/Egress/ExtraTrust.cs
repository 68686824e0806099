using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Relay.Gateway.Upstream.Egress;

/// <summary>
/// Trusts authorities besides the system's. What the system accepts is accepted; a certificate whose only fault is that its authority
/// is unknown is checked once more, with these authorities as the only ones. A wrong name, a wrong purpose or a past date stays refused.
/// </summary>
/// <param name="authorities">Their certificates.</param>
internal sealed class ExtraTrust(X509Certificate2Collection authorities)
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    /// <summary>The callback of the TLS handshake.</summary>
    public bool Accepts(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is not X509Certificate2 server || chain is null)
        {
            return false;
        }

        using var again = new X509Chain();
        again.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        again.ChainPolicy.CustomTrustStore.AddRange(authorities);
        again.ChainPolicy.ExtraStore.AddRange(chain.ChainPolicy.ExtraStore);
        again.ChainPolicy.ApplicationPolicy.Add(ServerAuthentication);
        again.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        again.ChainPolicy.DisableCertificateDownloads = true;
        var accepted = again.Build(server);
        foreach (var element in again.ChainElements)
        {
            element.Certificate.Dispose();
        }

        return accepted;
    }
}
