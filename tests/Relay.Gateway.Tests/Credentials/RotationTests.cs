using Relay.Core.Errors;
using Relay.Gateway.Config;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Credentials;

/// <summary>Whose turn it is, and that each credential is sent as its dialect has it.</summary>
public sealed class RotationTests
{
    [Theory]
    [InlineData("a b", "a b a b a b a b")]
    [InlineData("a:2 b c", "a b c a a b c a")]
    [InlineData("a b:0", "a a a a a a a a")]
    public async Task Attempts_TakeTurnsByWeight(string credentials, string turns)
    {
        await using var rig = await CredentialRig.StartAsync(credentials);

        Assert.Equal(turns, await rig.AnsweredByAsync(8));
    }

    [Fact]
    public async Task ProviderSees_EachCredentialAsOftenAsItsWeightSays_AlsoAtOnce()
    {
        await using var rig = await CredentialRig.StartAsync("a:3 b:2 c:1");
        rig.Script(("a", "slow=1"), ("b", "slow=1"), ("c", "slow=1"));

        await Task.WhenAll(Enumerable.Range(0, 120).Select(_ => rig.Rig.ChatAsync()));

        Assert.Equal([60, 40, 20], rig.Rig.Primary.Faults.Rules.Select(r => r.Seen));
        Assert.Equal(("60", "40", "20"), (Attempts("a"), Attempts("b"), Attempts("c")));

        string? Attempts(string name) => rig.Metric("relay_credential_attempts_total", $"credential=\"{name}\"");
    }

    [Theory]
    [InlineData(Dialect.OpenAi)]
    [InlineData(Dialect.Azure)]
    [InlineData(Dialect.Anthropic)]
    [InlineData(Dialect.Gemini)]
    public async Task EveryDialect_SendsItsOwn_AndGoesOnWithAnother(Dialect dialect)
    {
        await using var rig = await CredentialRig.StartAsync("a b", new() { Simulators = 1, Dialect = _ => dialect });
        rig.Script(("a", "unauthorized"));

        Assert.Equal("ab b b", await rig.AnsweredByAsync(3));
        Assert.Equal("b b", await rig.AnsweredByAsync(2, stream: true));

        Assert.Equal("a=2 b=0", rig.States());
        Assert.All(rig.Rig.Primary.Log.Entries, e => Assert.True(e.HasAuthorization));
        Assert.Equal(1, rig.Rig.Primary.Faults.Rules[0].Fired);
    }

    [Theory]
    [InlineData(Dialect.Anthropic, "status=429,limit-reset=20s")]
    [InlineData(Dialect.Gemini, "status=429,retry-after=20")]
    [InlineData(Dialect.Azure, "status=429,limit-reset=20s")]
    public async Task EveryDialect_SaysWhenALimitIsWholeAgain(Dialect dialect, string fault)
    {
        await using var rig = await CredentialRig.StartAsync("a b", new() { Simulators = 1, Dialect = _ => dialect, Simulator = _ => new() { DefaultWords = 20 } });
        rig.Script(("a", fault + ",times=1"));

        Assert.Equal("ab", await rig.AnsweredByAsync());

        // Anthropic's and Gemini's times are of the simulator's clock: only that the wait is known is looked at here.
        Assert.Equal("a=1 b=0", rig.States());
    }

    [Fact]
    public async Task ProviderWithoutCredential_IsAskedWithoutOne()
    {
        await using var rig = await Rig.StartAsync(new() { Simulators = 1, Config = c => c with { Providers = Providers.Change(c, p => p with { ApiKey = null }) } });

        Assert.Equal(200, (await rig.ChatAsync()).Status);

        Assert.False(rig.Primary.Log.Last!.HasAuthorization);
        Assert.Null((await rig.Records.NextAsync()).Attempts[0].Credential);
        Assert.DoesNotContain("relay_credential_state{", rig.Scrape(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SingleApiKey_GoesByTheNameOfItsPlace_AndIsAskedThoughItIsOut()
    {
        await using var rig = await Rig.StartAsync(new() { Simulators = 1, Breaker = Relay.Core.Breaker.BreakerOptions.Default with { Enabled = false } });
        rig.Primary.Faults.Add("*", "unauthorized,times=2");

        foreach (var status in new[] { 502, 502, 200, 200 })
        {
            Assert.Equal(status, (await rig.ChatAsync()).Status);
        }

        var record = await rig.Records.NextAsync();
        Assert.Equal(("0", ErrorKind.ProviderAuth, Relay.Core.Breaker.Verdict.Failure), (record.Attempts[0].Credential, record.Error, record.Attempts[0].Verdict));
        Assert.Contains("relay_credential_state{provider=\"p0\",credential=\"0\"} 0\n", rig.Scrape(), StringComparison.Ordinal);
    }
}
