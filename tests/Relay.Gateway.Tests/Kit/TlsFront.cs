using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Net.Sockets;

namespace Relay.Gateway.Tests.Kit;

/// <summary>A TLS server in front of a simulator: a provider with a certificate, which may demand one of its clients.</summary>
internal sealed class TlsFront : IAsyncDisposable
{
    private readonly RawServer _server;
    private readonly SslServerAuthenticationOptions _tls;
    private readonly Uri _behind;
    private int _count;
    private int _refused;

    /// <summary>Starts it.</summary>
    /// <param name="behind">Where what it decrypts goes.</param>
    /// <param name="own">What it shows.</param>
    /// <param name="chain">Shown with it.</param>
    /// <param name="clients">What clients must show a certificate of; null: none is asked for.</param>
    public TlsFront(Uri behind, TestPair own, string? chain = null, TestCertificates? clients = null)
    {
        _behind = behind;
        var extra = new X509Certificate2Collection();
        extra.ImportFromPem(chain ?? "");
        _tls = new()
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(own.Load(), extra, offline: true),
            ClientCertificateRequired = clients is not null,
            RemoteCertificateValidationCallback = (_, certificate, chain, _) => clients is null || IsOf(certificate, chain, clients.AuthorityPem),
            ApplicationProtocols = [SslApplicationProtocol.Http11],
        };
        _server = new RawServer(ServeAsync);
    }

    public Uri Url => new($"https://{_server.EndPoint}/");

    /// <summary>Connections whose handshake went well.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Connections whose handshake did not.</summary>
    public int Refused => Volatile.Read(ref _refused);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ServeAsync(NetworkStream stream, CancellationToken stopped)
    {
        await using var tls = new SslStream(stream);
        try
        {
            await tls.AuthenticateAsServerAsync(_tls, stopped);
        }
        catch (AuthenticationException)
        {
            Interlocked.Increment(ref _refused);
            return;
        }

        Interlocked.Increment(ref _count);
        await RawServer.JoinAsync(tls, _behind, stopped);
    }

    private static bool IsOf(X509Certificate? certificate, X509Chain? sent, string authorityPem)
    {
        if (certificate is not X509Certificate2 shown)
        {
            return false;
        }

        using var authority = X509Certificate2.CreateFromPem(authorityPem);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.ExtraStore.AddRange(sent?.ChainPolicy.ExtraStore ?? []);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(shown);
    }
}
