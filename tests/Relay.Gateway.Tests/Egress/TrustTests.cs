using System.Net.Security;
using System.Security.Cryptography;
using Relay.Core.Errors;
using Relay.Gateway.Attempts;
using Relay.Gateway.Config;
using Relay.Gateway.Tests.Kit;
using Relay.Gateway.Upstream;

namespace Relay.Gateway.Tests.Egress;

/// <summary>Whose certificates a provider may show, with a real TLS server and an authority made for the test.</summary>
public sealed class TrustTests : IDisposable
{
    private readonly TestCertificates _authority = new();
    private TlsFront? _front;

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task AuthorityOfTheBundle_IsTrusted_PlainAndStream()
    {
        await using var rig = await StartAsync(_authority.Issue(), _authority.AuthorityPem);

        Assert.Equal((200, rig.Expected()), (await rig.ChatAsync() is var plain ? plain.Status : 0, plain.Text));
        var stream = await rig.ChatAsync(stream: true);
        Assert.True(stream is { Status: 200, Done: true, Broken: false });
        await _front!.DisposeAsync();
    }

    [Fact]
    public async Task AuthorityThatNobodyKnows_IsRefused()
    {
        await using var rig = await StartAsync(_authority.Issue(), bundle: null);

        Assert.Contains("TLS handshake", await EgressRig.FailsAsync(rig, "tls"), StringComparison.Ordinal);
        Assert.Equal(0, rig.Primary.Log.Total);
        await _front!.DisposeAsync();
    }

    [Fact]
    public async Task AnotherAuthorityInTheBundle_IsRefused()
    {
        using var other = new TestCertificates("Another");
        await using var rig = await StartAsync(_authority.Issue(), other.AuthorityPem);

        await EgressRig.FailsAsync(rig, "tls");
        await _front!.DisposeAsync();
    }

    /// <summary>A bundle adds an authority; it excuses nothing else.</summary>
    [Theory]
    [InlineData("name")]
    [InlineData("date")]
    [InlineData("purpose")]
    public async Task CertificateThatIsWrong_IsRefusedThoughItsAuthorityIsTrusted(string wrong)
    {
        var pair = wrong switch
        {
            "name" => _authority.Issue(host: "another.example"),
            "date" => _authority.Issue(validForDays: -1),
            _ => _authority.Issue(TestCertificates.ClientPurpose),
        };
        await using var rig = await StartAsync(pair, _authority.AuthorityPem);

        await EgressRig.FailsAsync(rig, "tls");
        Assert.Equal(0, rig.Primary.Log.Total);
        await _front!.DisposeAsync();
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task CertificateOfAnIntermediate_IsTrustedWhenTheServerSendsIt(bool sent, bool trusted)
    {
        using var intermediate = _authority.Intermediate();
        await using var rig = await StartAsync(intermediate.Issue(), _authority.AuthorityPem, sent ? intermediate.AuthorityPem : null);

        Assert.Equal(trusted ? 200 : 502, (await rig.ChatAsync()).Status);
        await _front!.DisposeAsync();
    }

    [Fact]
    public async Task BundleOfSeveral_TrustsEach()
    {
        using var other = new TestCertificates("Another");
        await using var rig = await StartAsync(_authority.Issue(), "# ours\n" + other.AuthorityPem + "\n\n" + _authority.AuthorityPem + "\n");

        Assert.Equal(200, (await rig.ChatAsync()).Status);
        await _front!.DisposeAsync();
    }

    [Fact]
    public void WhatTheSystemAccepts_StaysAccepted()
    {
        using var pair = _authority.Issue().Load();
        var extra = new Relay.Gateway.Upstream.Egress.ExtraTrust(new PemCertificates(_authority.AuthorityPem).Load());

        Assert.True(extra.Accepts(this, pair, null, SslPolicyErrors.None));
        Assert.False(extra.Accepts(this, pair, new(), SslPolicyErrors.RemoteCertificateNameMismatch));
        Assert.False(extra.Accepts(this, pair, new(), SslPolicyErrors.RemoteCertificateNameMismatch | SslPolicyErrors.RemoteCertificateChainErrors));
        Assert.False(extra.Accepts(this, null, null, SslPolicyErrors.RemoteCertificateNotAvailable));
        Assert.True(extra.Accepts(this, pair, new(), SslPolicyErrors.RemoteCertificateChainErrors));
    }

    [Fact]
    public async Task ClientCertificate_IsShownToWhomDemandsIt()
    {
        using var clients = new TestCertificates("Clients");
        var own = clients.Issue(TestCertificates.ClientPurpose);
        var egress = new EgressOptions { ClientCertificate = new(own.Certificate), ClientKey = new(own.Key) };
        await using var rig = await StartAsync(_authority.Issue(), _authority.AuthorityPem, clients: clients, egress: egress);

        Assert.Equal(200, (await rig.ChatAsync()).Status);
        Assert.Equal((1, 0), (_front!.Count, _front.Refused));
        await _front.DisposeAsync();
    }

    [Fact]
    public async Task ClientCertificateOfAnIntermediate_IsShownWithIt()
    {
        using var clients = new TestCertificates("Clients");
        using var intermediate = clients.Intermediate();
        var own = intermediate.Issue(TestCertificates.ClientPurpose);
        var egress = new EgressOptions { ClientCertificate = new(own.Certificate + "\n" + intermediate.AuthorityPem), ClientKey = new(own.Key) };
        await using var rig = await StartAsync(_authority.Issue(), _authority.AuthorityPem, clients: clients, egress: egress);

        Assert.Equal(200, (await rig.ChatAsync()).Status);
        await _front!.DisposeAsync();
    }

    [Fact]
    public async Task NoClientCertificate_OrAnothersAuthority_IsNotLetIn()
    {
        using var clients = new TestCertificates("Clients");
        using var other = new TestCertificates("Another");
        var wrong = other.Issue(TestCertificates.ClientPurpose);
        foreach (var egress in new[] { EgressOptions.Default, new() { ClientCertificate = new(wrong.Certificate), ClientKey = new(wrong.Key) } })
        {
            await using var rig = await StartAsync(_authority.Issue(), _authority.AuthorityPem, clients: clients, egress: egress);

            // This server closes without a word; one that sends an alert is a failure of TLS, see below.
            await EgressRig.FailsAsync(rig, "connection_reset");
            Assert.True(_front!.Refused > 0);
            Assert.Equal((0, 0L), (_front.Count, rig.Primary.Log.Total));
            await _front.DisposeAsync();
        }
    }

    [Fact]
    public void RefusalThatComesAfterTheHandshake_IsAFailureOfTlsToo()
    {
        using var clock = new AttemptClock(TimeProvider.System, TimeSpan.MaxValue, TimeSpan.MaxValue, default);
        var alert = new HttpRequestException("sending", new IOException("decryption", new CryptographicException("tlsv13 alert certificate required")));

        Assert.Equal(ErrorKind.Tls, UpstreamFault.From(alert, clock, "p/x", inBody: false).Kind);
        Assert.Equal(ErrorKind.ConnectionReset, UpstreamFault.From(alert, clock, "p/x", inBody: true).Kind);
        Assert.Equal(ErrorKind.ConnectionReset, UpstreamFault.From(new HttpRequestException("sending", new IOException("reset")), clock, "p/x", inBody: false).Kind);
    }

    private Task<Rig> StartAsync(TestPair own, string? bundle, string? chain = null, TestCertificates? clients = null, EgressOptions? egress = null) =>
        EgressRig.StartAsync(
            url => (_front = new TlsFront(url, own, chain, clients)).Url,
            (egress ?? EgressOptions.Default) with { ExtraTrust = bundle is null ? null : new(bundle) });
}
