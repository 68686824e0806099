using System.Security.Cryptography;
using Relay.Gateway.Config;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Config;

/// <summary>What may be wrong with a provider's way out; all of it is found at the start.</summary>
public sealed class EgressErrorTests
{
    private const string At = "$.providers.openai.egress";

    private static readonly TestCertificates Authority = new();
    private static readonly TestPair Pair = Authority.Issue(TestCertificates.ClientPurpose);
    private static readonly TestPair Other = Authority.Issue(TestCertificates.ClientPurpose);

    [Fact]
    public void Everything_is_read()
    {
        var egress = Valid("""
            { "proxy": "env:PROXY", "caFile": "certs/ca.pem", "clientCertificate": { "certFile": "/relay/own.pem", "keyFile": "own.key" }, "connectionIdle": "5s", "connectionLifetime": "1h" }
            """);

        Assert.Equal("http://proxy.example:3128/", egress.Proxy!.AbsoluteUri);
        Assert.Equal("relay:p@ss", egress.ProxyCredential!.Reveal());
        Assert.Single(egress.ExtraTrust!.Load());
        Assert.Single(egress.ClientCertificate!.Load());
        Assert.Equal(Pair.Key, egress.ClientKey!.Reveal());
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromHours(1)), (egress.ConnectionIdle, egress.ConnectionLifetime));
        Assert.DoesNotContain("p@ss", egress.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", egress.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Key_may_stand_beside_its_certificate_and_a_proxy_needs_no_password()
    {
        var egress = Valid("""{ "proxy": "http://proxy.example", "clientCertificate": { "certFile": "both.pem" } }""");

        Assert.Equal(("http://proxy.example/", true), (egress.Proxy!.AbsoluteUri, egress.ProxyCredential is null));
        Assert.NotNull(egress.ClientKey);
    }

    [Theory]
    [InlineData("1", "", "must be an object", "write { \"proxy\"")]
    [InlineData("""{ "noProxy": "x" }""", ".noProxy", "unknown field 'noProxy'", "'proxy'")]
    [InlineData("""{ "proxy": "proxy:3128" }""", ".proxy", "is not the URL of a proxy", "http://host:port")]
    [InlineData("""{ "proxy": "http://h:1/path" }""", ".proxy", "is not the URL of a proxy", "http://host:port")]
    [InlineData("""{ "proxy": "https://h:1" }""", ".proxy", "is not an http proxy", "encrypted all the same")]
    [InlineData("""{ "proxy": "http://relay:planted@h:1" }""", ".proxy", "holds a user name or password", "put the whole URL there")]
    [InlineData("""{ "proxy": "env:BAD" }""", ".proxy", "is not the URL of a proxy", "http://host:port")]
    [InlineData("""{ "proxy": "env:GONE" }""", ".proxy", "the environment variable 'GONE' is not set", "set it")]
    [InlineData("""{ "proxy": "env:WIDE" }""", ".proxy", "is not visible ASCII", "another one")]
    [InlineData("""{ "caFile": "gone.pem" }""", ".caFile", "the certificate file '/relay/gone.pem' is not there", "configuration file's folder")]
    [InlineData("""{ "caFile": "locked.pem" }""", ".caFile", "'/relay/locked.pem' cannot be read", "let the user")]
    [InlineData("""{ "caFile": "large.pem" }""", ".caFile", "'/relay/large.pem' is larger than 1 MiB", "right file")]
    [InlineData("""{ "caFile": "ca.der" }""", ".caFile", "'/relay/ca.der' is not PEM", "openssl x509 -inform der")]
    [InlineData("""{ "caFile": "own.key" }""", ".caFile", "there is no certificate in '/relay/own.key'", "BEGIN CERTIFICATE")]
    [InlineData("""{ "caFile": "broken.pem" }""", ".caFile", "a certificate in '/relay/broken.pem' is broken", "copy the file again")]
    [InlineData("""{ "caFile": "" }""", ".caFile", "the path is empty", "write a path")]
    [InlineData("""{ "clientCertificate": {} }""", ".clientCertificate", "has no 'certFile'", "keyFile")]
    [InlineData("""{ "clientCertificate": { "certFile": "own.pem", "keyFile": "gone.key" } }""", ".clientCertificate.keyFile", "the key file '/relay/gone.key' is not there", "correct the path")]
    [InlineData("""{ "clientCertificate": { "certFile": "own.pem" } }""", ".clientCertificate.certFile", "there is no private key in '/relay/own.pem'", "BEGIN PRIVATE KEY")]
    [InlineData("""{ "clientCertificate": { "certFile": "own.pem", "keyFile": "other.key" } }""", ".clientCertificate.keyFile", "the key in '/relay/other.key' is broken or does not belong to the certificate", "-pubkey")]
    [InlineData("""{ "clientCertificate": { "certFile": "own.pem", "keyFile": "encrypted.key" } }""", ".clientCertificate.keyFile", "the key in '/relay/encrypted.key' is encrypted", "openssl pkey")]
    [InlineData("""{ "clientCertificate": { "certFile": "own.pem", "keyFile": "old-encrypted.key" } }""", ".clientCertificate.keyFile", "is encrypted", "openssl pkey")]
    [InlineData("""{ "connectionIdle": "0s" }""", ".connectionIdle", "'0s' is out of bounds", "from 1s to 24h")]
    public void Wrong_egress_is_reported(string json, string path, string message, string fix)
    {
        ConfigText.OnlyError(ConfigText.With("providers.openai.egress", json), At + path, message, fix, Env);
        Assert.DoesNotContain("planted", ConfigText.Parse(ConfigText.With("providers.openai.egress", json), Env).ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("""{ "caFile": "certs/ca.pem" }""", ".caFile")]
    [InlineData("""{ "clientCertificate": { "certFile": "both.pem" } }""", ".clientCertificate")]
    public void Tls_without_https_is_an_error(string json, string path) =>
        ConfigText.OnlyError(ConfigText.With("providers.sim.egress", json), "$.providers.sim.egress" + path, "has no use with an http base URL", "https", Env);

    [Fact]
    public void Http2_without_tls_through_a_proxy_is_an_error() =>
        ConfigText.OnlyError(
            ConfigText.With("providers.sim.http2", "true", ConfigText.With("providers.sim.egress", """{ "proxy": "http://h:1" }""")),
            "$.providers.sim.egress.proxy",
            "HTTP/2 without TLS does not pass a proxy",
            "leave http2 out",
            Env);

    [Fact]
    public void Files_are_followed()
    {
        var config = ConfigText.Valid(ConfigText.With("providers.openai.egress", """{ "caFile": "certs/ca.pem", "clientCertificate": { "certFile": "own.pem", "keyFile": "own.key" } }"""), Env);

        Assert.Equal(["/relay/relay.json", "/relay/certs/ca.pem", "/relay/own.pem", "/relay/own.key"], config.Files.Select(f => f.Path));
        Assert.True(config.Files[1].HasChanged(Env.File("/relay/certs/ca.pem", Pair.Certificate)));
        Assert.False(config.Files[1].HasChanged(Env));
    }

    private static EgressOptions Valid(string json) => ConfigText.Valid(ConfigText.With("providers.openai.egress", json), Env).Providers["openai"].Egress;

    private static FakeEnvironment Env
    {
        get
        {
            var env = new FakeEnvironment()
                .Variable("PROXY", "http://relay:p%40ss@proxy.example:3128").Variable("BAD", "planted:3128").Variable("WIDE", "http://relay:planted%C3%A9@h:1")
                .File("/relay/certs/ca.pem", Authority.AuthorityPem).File("/relay/own.pem", Pair.Certificate).File("/relay/own.key", Pair.Key).File("/relay/other.key", Other.Key)
                .File("/relay/both.pem", Pair.Certificate + "\n" + Pair.Key).File("/relay/large.pem", new string(' ', (1024 * 1024) + 1))
                .File("/relay/broken.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")
                .File("/relay/encrypted.key", Encrypted()).File("/relay/old-encrypted.key", "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----\n");
            env.Files["/relay/ca.der"] = Convert.FromHexString("3082010A");
            env.Unreadable.Add("/relay/locked.pem");
            return env;
        }
    }

    private static string Encrypted()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportEncryptedPkcs8PrivateKeyPem("planted".AsSpan(), new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1000));
    }
}
