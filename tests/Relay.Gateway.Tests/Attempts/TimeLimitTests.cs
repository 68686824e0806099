using Relay.Core.Attempts;
using Relay.Core.Breaker;
using Relay.Core.Errors;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Attempts;

public sealed class TimeLimitTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(300);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TotalLimit_EndsTheRequestWhateverIsLeftToTry(bool stream)
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Timeouts = TimeoutOptions.Default with { Total = Soon } });
        rig.Break("silence");

        var chat = await rig.ChatAsync(stream: stream);

        Assert.Equal((504, "total_timeout", 1), (chat.Status, chat.ErrorCode, chat.Attempts));
        Assert.Equal(0, rig.Fallback.Log.Total);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ClientsDeadline_EndsTheRequestAndBlamesNobody(bool stream)
    {
        await using var rig = await Rig.StartAsync();
        rig.Break("silence");
        rig.Client.DefaultRequestHeaders.Add("x-relay-timeout-ms", "300");

        var chat = await rig.ChatAsync(stream: stream);

        Assert.Equal((504, "client_deadline_exceeded", 1), (chat.Status, chat.ErrorCode, chat.Attempts));
        var record = await rig.Records.NextAsync();
        Assert.Equal((ErrorKind.ClientDeadline, Verdict.Neutral), (record.Error, record.Attempts[0].Verdict));
    }

    [Fact]
    public async Task ClientsDeadlineDuringARetryWait_IsNotOverrun()
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Simulators = 1 });
        rig.Break("status=429,retry-after=2");
        rig.Client.DefaultRequestHeaders.Add("x-relay-timeout-ms", "1000");

        var chat = await rig.ChatAsync();

        Assert.Equal((429, 1), (chat.Status, chat.Attempts));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("1.5")]
    [InlineData("soon")]
    [InlineData("86400001")]
    public async Task DeadlineThatMakesNoSense_IsRefused(string value)
    {
        await using var rig = await Rig.StartAsync();
        rig.Client.DefaultRequestHeaders.TryAddWithoutValidation("x-relay-timeout-ms", value);

        var chat = await rig.ChatAsync();

        Assert.Equal((400, "x-relay-timeout-ms"), (chat.Status, chat.Error!.Value.GetProperty("param").GetString()));
        Assert.Equal(0, rig.Primary.Log.Total);
    }

    [Fact]
    public async Task LastTarget_HasTheLongerFirstTokenLimit()
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Timeouts = TimeoutOptions.Default with { FirstToken = Soon } });
        rig.Primary.Faults.Add("*", "silence");
        rig.Fallback.Faults.Add("*", "first-token=700ms");

        var chat = await rig.ChatAsync(stream: true);

        Assert.Equal((rig.Expected(), "p1/gpt-sim"), (chat.Text, chat.Target));
    }

    [Fact]
    public async Task NoFreeConnection_NamesThePoolLimit()
    {
        await using var rig = await Rig.StartAsync(new RigOptions
        {
            Simulators = 1,
            Retry = RetryOptions.Default with { MaxPerTarget = 0 },
            Timeouts = TimeoutOptions.Default with { PoolWait = Soon },
            Config = c => c with { Providers = Providers.Change(c, p => p with { MaxConnections = 1 }) },
        });
        rig.Primary.Faults.Add("*", "silence,times=1");
        using var leave = new CancellationTokenSource();
        var holder = rig.PostAsync(Rig.Body(), cancellation: leave.Token);
        await rig.Primary.Log.WaitForAsync(_ => true, Patience.Token);

        var chat = await rig.ChatAsync();

        Assert.Equal((502, "connect_failed"), (chat.Status, chat.ErrorCode));
        Assert.Contains("timeouts.poolWait", chat.ErrorMessage, StringComparison.Ordinal);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => holder);
    }
}
