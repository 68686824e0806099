using Relay.Core.Attempts;
using Relay.Core.Breaker;
using Relay.Core.Errors;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Attempts;

public sealed class FailoverTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task SilenceBeforeTheFirstToken_IsNotRetried()
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Timeouts = TimeoutOptions.Default with { FirstToken = Soon } });
        rig.Primary.Faults.Add("*", "silence");

        var chat = await rig.ChatAsync(stream: true);

        Assert.Equal(rig.Expected(), chat.Text);
        Assert.Equal(("p1/gpt-sim", 2), (chat.Target, chat.Attempts));
        Assert.Equal(1, rig.Primary.Log.Total);
        Assert.Equal(ErrorKind.FirstTokenTimeout, (await rig.Records.NextAsync()).Attempts[0].Error);
        await rig.Primary.Log.WaitForAsync(r => r.Ending == Simulator.RequestEnding.ClientAborted, Patience.Token);
    }

    [Theory]
    [InlineData("silence")]
    [InlineData("headers-then-silence")]
    public async Task SilenceOfAPlainAttempt_IsNotRetried(string fault)
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Timeouts = TimeoutOptions.Default with { Attempt = Soon } });
        rig.Primary.Faults.Add("*", fault);

        var chat = await rig.ChatAsync();

        Assert.Equal(rig.Expected(), chat.Text);
        Assert.Equal(("p1/gpt-sim", 2), (chat.Target, chat.Attempts));
        Assert.Equal(ErrorKind.TotalTimeout, (await rig.Records.NextAsync()).Attempts[0].Error);
    }

    [Theory]
    [InlineData("status=400,code=context_length_exceeded", ErrorKind.ContextLength, Verdict.Neutral)]
    [InlineData("unauthorized", ErrorKind.ProviderAuth, Verdict.Failure)]
    [InlineData("status=403", ErrorKind.ProviderAuth, Verdict.Failure)]
    [InlineData("quota", ErrorKind.ProviderQuota, Verdict.Failure)]
    [InlineData("status=404", ErrorKind.ProviderNotFound, Verdict.Failure)]
    public async Task FaultThatARetryCannotMend_FailsOverAfterOneAttempt(string fault, ErrorKind kind, Verdict verdict)
    {
        await using var rig = await Rig.StartAsync();
        rig.Primary.Faults.Add("*", fault);

        var chat = await rig.ChatAsync();

        Assert.Equal(rig.Expected(), chat.Text);
        Assert.Equal(("p1/gpt-sim", 2), (chat.Target, chat.Attempts));
        var attempt = (await rig.Records.NextAsync()).Attempts[0];
        Assert.Equal((kind, verdict), (attempt.Error, attempt.Verdict));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ContentPolicy_PropagatesUnchangedAfterOneAttempt(bool stream)
    {
        await using var rig = await Rig.StartAsync();
        rig.Primary.Faults.Add("*", "status=400,code=content_policy_violation");

        var chat = await rig.ChatAsync(stream: stream);
        using var direct = new HttpClient { BaseAddress = rig.Primary.BaseUrl };
        using var asked = await direct.PostAsync("v1/chat/completions", new StringContent(Rig.Body()), Patience.Token);

        Assert.Equal(400, chat.Status);
        Assert.Equal(await asked.Content.ReadAsStringAsync(Patience.Token), chat.Raw);
        Assert.Equal("content_policy_violation", chat.ErrorCode);
        Assert.Equal((1, 0), (chat.Attempts, rig.Fallback.Log.Total));
        Assert.Equal("false", chat.Headers["x-should-retry"]);
        Assert.Equal(Verdict.Neutral, (await rig.Records.NextAsync()).Attempts[0].Verdict);
    }

    [Fact]
    public async Task RefusedRequest_PropagatesUnchangedAndTouchesNoBreaker()
    {
        await using var rig = await Rig.StartAsync();

        for (var i = 0; i < 5; i++)
        {
            var chat = await rig.ChatAsync(extra: ",\"n\":\"two\"");
            Assert.Equal((400, "n", 1), (chat.Status, chat.Error!.Value.GetProperty("param").GetString(), chat.Attempts));
        }

        Assert.Equal("p0/gpt-sim", (await rig.ChatAsync()).Target);
    }
}
