using System.Text;
using Relay.Core.Attempts;
using Relay.Gateway.Config;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Egress;

/// <summary>A proxy on the way to a provider: https through a tunnel, http by whole URLs.</summary>
public sealed class ProxyTests : IDisposable
{
    private const string Credential = "relay:p@ss word";

    private readonly TestCertificates _authority = new();

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Https_GoesThroughATunnel_EncryptedToTheProvider(bool withCredential)
    {
        await using var proxy = new TestProxy(head => withCredential && !head.Contains(Basic, StringComparison.Ordinal) ? "HTTP/1.1 407 No\r\n\r\n" : null);
        await using var front = new Front();
        await using var rig = await EgressRig.StartAsync(front.Before(_authority), Through(proxy) with { ProxyCredential = withCredential ? new(Credential) : null });

        var (plain, stream) = (await rig.ChatAsync(), await rig.ChatAsync(stream: true));

        Assert.Equal((200, rig.Expected()), (plain.Status, plain.Text));
        Assert.True(stream is { Status: 200, Done: true });
        var head = Assert.Single(proxy.Heads);
        Assert.StartsWith($"CONNECT {front.Url.Authority} HTTP/1.1\r\nHost: {front.Url.Authority}\r\n", head, StringComparison.Ordinal);
        Assert.Equal(withCredential, head.Contains("Proxy-Authorization", StringComparison.Ordinal));
        Assert.DoesNotContain("sk-upstream", head, StringComparison.Ordinal);
        Assert.True(rig.Primary.Log.Last!.HasAuthorization);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Http_IsAskedForByItsWholeUrl(bool withCredential)
    {
        await using var proxy = new TestProxy();
        Uri? provider = null;
        await using var rig = await EgressRig.StartAsync(url => provider = url, Through(proxy) with { ProxyCredential = withCredential ? new(Credential) : null });

        Assert.Equal(200, (await rig.ChatAsync()).Status);
        Assert.True(await rig.ChatAsync(stream: true) is { Status: 200, Done: true });

        Assert.Equal(2, proxy.Heads.Length);
        Assert.StartsWith($"POST http://{provider!.Authority}/v1/chat/completions HTTP/1.1\r\n", proxy.Heads[0], StringComparison.Ordinal);
        Assert.Equal(withCredential, proxy.Heads[0].Contains(Basic, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", "its proxy wants other credentials (407)")]
    [InlineData("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno", "its proxy answered 403")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nand more", "its proxy does not answer as a proxy does")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n\r\n", "its proxy does not answer as a proxy does")]
    [InlineData("HTTP/1.1 2", "its proxy closed the connection")]
    public async Task TunnelThatIsRefused_IsNoConnection_AndSaysWhy(string answer, string why)
    {
        await using var proxy = new TestProxy(_ => answer);
        await using var front = new Front();
        await using var rig = await EgressRig.StartAsync(front.Before(_authority), Through(proxy) with { ProxyCredential = new(Credential) });

        Assert.Equal($"No connection to the provider of p0/gpt-sim: {why}.", await EgressRig.FailsAsync(rig, "connect_failed"));
    }

    [Fact]
    public async Task ProxyThatSaysTooMuch_IsCutOff()
    {
        await using var proxy = new TestProxy(_ => "HTTP/1.1 200 OK\r\nX: " + new string('x', 20_000));
        await using var front = new Front();
        await using var rig = await EgressRig.StartAsync(front.Before(_authority), Through(proxy));

        Assert.Contains("does not answer as a proxy does", await EgressRig.FailsAsync(rig, "connect_failed"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PlainProxyThatWantsOtherCredentials_IsNotTheCallersFault()
    {
        await using var proxy = new TestProxy(_ => "HTTP/1.1 407 No\r\nContent-Length: 0\r\nProxy-Authenticate: Basic\r\n\r\n");
        await using var rig = await EgressRig.StartAsync(url => url, Through(proxy));

        Assert.Contains("its proxy wants other credentials (407)", await EgressRig.FailsAsync(rig, "connect_failed"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ProxyThatIsNotThere_IsNamedAsTheCause(bool https)
    {
        using var dead = new DeadPort();
        await using var front = new Front();
        await using var rig = await EgressRig.StartAsync(https ? front.Before(_authority) : url => url, new() { Proxy = dead.Url, ExtraTrust = new(_authority.AuthorityPem) });

        Assert.Contains("its proxy cannot be reached (connection refused)", await EgressRig.FailsAsync(rig, "connect_failed"), StringComparison.Ordinal);
    }

    /// <summary>The time until the tunnel stands is the connect limit's, not the pool's.</summary>
    [Fact]
    public async Task SilentProxy_RunsIntoTheConnectLimit()
    {
        await using var proxy = new TestProxy(_ => "");
        await using var front = new Front();
        var timeouts = TimeoutOptions.Default with { Connect = TimeSpan.FromMilliseconds(300), PoolWait = TimeSpan.FromSeconds(20) };
        await using var rig = await EgressRig.StartAsync(front.Before(_authority), Through(proxy), timeouts);

        Assert.Contains("within 0.3 s (timeouts.connect)", await EgressRig.FailsAsync(rig, "connect_failed"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoFreeConnectionBehindAProxy_RunsIntoThePoolLimit()
    {
        await using var proxy = new TestProxy();
        await using var front = new Front();
        var timeouts = TimeoutOptions.Default with { Connect = TimeSpan.FromSeconds(20), PoolWait = TimeSpan.FromMilliseconds(300) };
        await using var rig = await Rig.StartAsync(new()
        {
            Simulators = 1,
            Timeouts = timeouts,
            Retry = RetryOptions.Default with { MaxPerTarget = 0 },
            Config = c => c with { Providers = Providers.Change(c, p => p with { BaseUrl = new Uri(front.Before(_authority)(p.BaseUrl), "/v1"), Egress = Through(proxy), MaxConnections = 1 }) },
        });
        rig.Primary.Faults.Add("*", "silence,times=1");
        using var leave = new CancellationTokenSource();
        var first = rig.PostAsync(Rig.Body(), cancellation: leave.Token);
        await rig.Primary.Log.WaitForAsync(e => e.Fault is not null, Patience.Token);

        Assert.Contains("within 0.3 s (timeouts.poolWait)", await EgressRig.FailsAsync(rig, "connect_failed"), StringComparison.Ordinal);

        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
    }

    private static string Basic => "Proxy-Authorization: Basic " + Convert.ToBase64String(Encoding.Latin1.GetBytes(Credential)) + "\r\n";

    private EgressOptions Through(TestProxy proxy) => new() { Proxy = proxy.Url, ExtraTrust = new(_authority.AuthorityPem) };

    /// <summary>Puts TLS before the simulator once its address is known.</summary>
    private sealed class Front : IAsyncDisposable
    {
        private TlsFront? _front;

        public Uri Url => _front!.Url;

        public Func<Uri, Uri> Before(TestCertificates authority) => url => (_front ??= new TlsFront(url, authority.Issue())).Url;

        public ValueTask DisposeAsync() => _front?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
