namespace Relay.Gateway.Tests.Credentials;

/// <summary>Credentials that a provider throttles: they rest until their reset, and nobody waits while another one is free.</summary>
public sealed class RestTests
{
    [Theory]
    [InlineData("status=429,retry-after=20", 20)]
    [InlineData("status=429,retry-after=2", 2)]
    [InlineData("status=429,retry-after-ms=1500", 1.5)]
    [InlineData("status=429,limit-reset=20s", 20)]
    [InlineData("status=429,retry-after=600", 60)]
    [InlineData("status=429,retry-after=2,limit-reset=30s", 2)]
    public async Task Throttled_RestsUntilItsReset_AndTheRequestGoesOnAtOnce(string fault, double seconds)
    {
        await using var rig = await CredentialRig.StartAsync("a b");
        rig.Script(("a", fault));

        // The clock stands still: a request that waited would never end.
        Assert.Equal("ab b b", await rig.AnsweredByAsync(3));
        Assert.Equal("a=1 b=0", rig.States());
        rig.Time.Advance(TimeSpan.FromSeconds(seconds - 0.1));
        Assert.Equal("b b", await rig.AnsweredByAsync(2));

        rig.Script();
        rig.Time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal("a=0 b=0", rig.States());
        Assert.Equal("aabb", string.Concat((await rig.AnsweredByAsync(4)).Replace(" ", "", StringComparison.Ordinal).Order()));
        Assert.Equal("0", rig.Metric("relay_breaker_state"));
    }

    [Fact]
    public async Task OneFree_TheTargetIsNotLeftAlone()
    {
        await using var rig = await CredentialRig.StartAsync("a b", new() { Simulators = 2 });
        rig.Script(("a", "status=429,retry-after=30"));

        Assert.Equal("ab b b", await rig.AnsweredByAsync(3));
        Assert.Equal(0, rig.Rig.Fallback.Log.Total);
    }

    [Fact]
    public async Task AllThrottled_TheTargetIsLeftAloneUntilTheFirstIsBack()
    {
        await using var rig = await CredentialRig.StartAsync("a b c", new() { Simulators = 2 });
        rig.Script(("a", "status=429,retry-after=30"), ("b", "status=429,retry-after=10"), ("c", "status=429,retry-after=50"));

        Assert.Equal("acb0 0 0", await rig.AnsweredByAsync(3));
        Assert.Equal("a=1 b=1 c=1", rig.States());
        Assert.Equal(3, rig.Rig.Primary.Log.Total);

        rig.Script();
        rig.Time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.Equal("0", await rig.AnsweredByAsync());
        rig.Time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal("b b", await rig.AnsweredByAsync(2));
        Assert.Equal("a=1 b=0 c=1", rig.States());
    }

    [Fact]
    public async Task AllThrottledForAMoment_TheRequestWaitsForTheFirstThatIsBack()
    {
        await using var rig = await CredentialRig.StartAsync("a b", realTime: true);
        rig.Script(("a", "status=429,retry-after-ms=400,times=1"), ("b", "status=429,retry-after=20,times=1"));

        Assert.Equal("aba", await rig.AnsweredByAsync());

        var (first, third) = (rig.Rig.Primary.Log.Entries[0], rig.Rig.Primary.Log.Entries[2]);
        Assert.InRange(third.ArrivedAt - first.ArrivedAt, TimeSpan.FromMilliseconds(390), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task SingleApiKey_WaitsAsBefore()
    {
        await using var rig = await CredentialRig.StartAsync("a", realTime: true);
        rig.Script(("a", "status=429,retry-after-ms=400,times=1"));

        Assert.Equal("aa", await rig.AnsweredByAsync());

        Assert.InRange(rig.Rig.Primary.Log.Entries[1].ArrivedAt - rig.Rig.Primary.Log.Entries[0].ArrivedAt, TimeSpan.FromMilliseconds(390), TimeSpan.FromSeconds(10));
    }
}
