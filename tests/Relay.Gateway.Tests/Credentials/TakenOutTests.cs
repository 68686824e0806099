using Relay.Core.Breaker;
using Relay.Core.Credentials;
using Relay.Core.Errors;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Credentials;

/// <summary>Credentials that are refused or have no quota: out, seen to be out, and tried again slowly.</summary>
public sealed class TakenOutTests
{
    [Theory]
    [InlineData("unauthorized", "provider_auth")]
    [InlineData("status=403", "provider_auth")]
    [InlineData("quota", "provider_quota")]
    [InlineData("status=402", "provider_quota")]
    public async Task Refused_IsOut_AndTheSameRequestIsAnsweredWithAnother(string fault, string kind)
    {
        await using var rig = await CredentialRig.StartAsync("a b");
        rig.Script(("a", fault));

        Assert.Equal("ab b b b b", await rig.AnsweredByAsync(5));

        Assert.Equal("a=2 b=0", rig.States());
        Assert.Equal("1", rig.Metric("relay_credential_refusals_total", kind));
        Assert.Equal("0", rig.Metric("relay_breaker_state"));
        Assert.Contains("Warning 114 Credential a of provider p0 is out", rig.Rig.Log.Text.Replace("Relay.Gateway.Routing.RoutingState ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        var report = Assert.Single(rig.Rig.Gateway.Topology.Providers).Credentials[0];
        Assert.Equal((CredentialState.Out, kind, rig.Time.GetUtcNow().AddMinutes(1).UtcDateTime), (report.State, report.Reason.Label(), report.Until!.Value.UtcDateTime), new Close());
    }

    [Fact]
    public async Task Stream_GoesOnWithAnotherToo()
    {
        await using var rig = await CredentialRig.StartAsync("a b c");
        rig.Script(("a", "unauthorized"), ("b", "quota"));

        Assert.Equal("ac bc c", await rig.AnsweredByAsync(3, stream: true));
        Assert.Equal("a=2 b=2 c=0", rig.States());
    }

    [Fact]
    public async Task OneRequestAMinute_TriesTheRefusedOne_UntilItIsAccepted()
    {
        await using var rig = await CredentialRig.StartAsync("a b");
        rig.Script(("a", "unauthorized"));
        Assert.Equal("ab b b", await rig.AnsweredByAsync(3));

        rig.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("b b", await rig.AnsweredByAsync(2));
        rig.Time.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Equal("ab b b", await rig.AnsweredByAsync(3));
        Assert.Equal("a=2 b=0", rig.States());

        rig.Script();
        rig.Time.Advance(TimeSpan.FromSeconds(60.1));
        Assert.Equal("a", await rig.AnsweredByAsync());
        Assert.Equal("a=0 b=0", rig.States());
        Assert.Equal("aabb", string.Concat((await rig.AnsweredByAsync(4)).Replace(" ", "", StringComparison.Ordinal).Order()));
        Assert.Contains("Credential a of provider p0 is back", rig.Rig.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TryingOne_IsOneRequestAtATime_WhileItHangs()
    {
        await using var rig = await CredentialRig.StartAsync("a b");
        rig.Script(("a", "unauthorized"));
        await rig.AnsweredByAsync();
        rig.Script(("a", "silence"));
        rig.Time.Advance(TimeSpan.FromSeconds(60.1));

        using var leave = new CancellationTokenSource();
        var hanging = rig.Rig.PostAsync(Rig.Body(), cancellation: leave.Token);
        await rig.Rig.Primary.Log.WaitForAsync(e => e.Fault?.StartsWith("silence", StringComparison.Ordinal) == true, Patience.Token);
        Assert.Equal("b b b b", await rig.AnsweredByAsync(4));

        // Whoever leaves says nothing: the next request tries.
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);
        Assert.Equal(ErrorKind.ClientClosed, (await rig.Rig.Records.NextAsync()).Error);
        rig.Script();
        Assert.Equal("a", await rig.AnsweredByAsync());
    }

    [Fact]
    public async Task ManyAtOnce_OneTriesIt()
    {
        await using var rig = await CredentialRig.StartAsync("a b");
        rig.Script(("a", "unauthorized"));
        await rig.AnsweredByAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(60.1));

        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => rig.Rig.ChatAsync()));

        Assert.Equal(2, rig.Rig.Primary.Faults.Rules[0].Fired);
    }

    [Fact]
    public async Task NoneLeft_IsAFailureOfTheTarget_AndOpensItsBreaker()
    {
        await using var rig = await CredentialRig.StartAsync("a b", new() { Simulators = 2 });
        rig.Script(("a", "unauthorized"), ("b", "quota"));

        var first = await rig.Rig.ChatAsync();
        var record = await rig.Rig.Records.NextAsync();

        Assert.Equal((200, "p1/gpt-sim"), (first.Status, first.Target));
        Assert.Equal(
            [("a", ErrorKind.ProviderAuth, Verdict.Neutral), ("b", ErrorKind.ProviderQuota, Verdict.Failure), ("0", ErrorKind.None, Verdict.Success)],
            record.Attempts.Select(a => (a.Credential!, a.Error, a.Verdict)));
        Assert.Equal("0", rig.Metric("relay_breaker_state", "p0"));

        // None is left: each further request asks once, the one that is tried again soonest.
        Assert.Equal("a0 a0", await rig.AnsweredByAsync(2));
        Assert.Equal("3", rig.Metric("relay_breaker_state", "p0"));
        Assert.Equal("0 0", await rig.AnsweredByAsync(2));
    }

    [Fact]
    public async Task OneLeft_TheBreakerHearsNothing()
    {
        await using var rig = await CredentialRig.StartAsync("a b c d e f g h", new() { Simulators = 2 });
        rig.Script([.. "abcdefg".Select(c => (c.ToString(), "unauthorized"))]);

        // Four attempts at most at one target; what they took out, the next request need not.
        Assert.Equal("aceg0 bh dh fh h", await rig.AnsweredByAsync(5));

        Assert.Equal("0", rig.Metric("relay_breaker_state", "p0"));
        Assert.Equal("0", rig.Metric("relay_breaker_opened_total", "p0"));
    }

    [Fact]
    public async Task RetriesAreOff_AnotherCredentialIsAskedAllTheSame()
    {
        await using var rig = await CredentialRig.StartAsync("a b", new() { Simulators = 1, Retry = Relay.Core.Attempts.RetryOptions.Default with { MaxPerTarget = 0, BudgetFloor = 0, BudgetRatio = 0 } });
        rig.Script(("a", "unauthorized"));

        Assert.Equal("ab b", await rig.AnsweredByAsync(2));
    }

    [Fact]
    public async Task FaultsOfTheProvider_AreNotTheCredentials()
    {
        await using var rig = await CredentialRig.StartAsync("a b", realTime: true);
        rig.Script(("a", "status=500,times=1"));

        Assert.Equal("ab", await rig.AnsweredByAsync());

        Assert.Equal("a=0 b=0", rig.States());
    }

    private sealed class Close : IEqualityComparer<(CredentialState State, string Kind, DateTime Until)>
    {
        public bool Equals((CredentialState State, string Kind, DateTime Until) x, (CredentialState State, string Kind, DateTime Until) y) =>
            (x.State, x.Kind) == (y.State, y.Kind) && (x.Until - y.Until).Duration() < TimeSpan.FromMilliseconds(1);

        public int GetHashCode((CredentialState State, string Kind, DateTime Until) obj) => obj.Kind.GetHashCode(StringComparison.Ordinal);
    }
}
