using System.Text;
using Relay.Core.Attempts;
using Relay.Core.Errors;
using Relay.Gateway.Config;
using Relay.Gateway.Tests.Auth;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Errors;

/// <summary>Every kind of the vocabulary can be reached through the real gateway, and its client sees the status and code of its row.</summary>
public sealed class EveryKindTests
{
    /// <summary>The kinds that nothing produces yet: there are no budgets.</summary>
    private static readonly ErrorKind[] Unreachable = [ErrorKind.None, ErrorKind.BudgetExhausted];

    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(300);

    public static TheoryData<ErrorKind> Kinds => [.. Enum.GetValues<ErrorKind>().Except(Unreachable)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Kind_IsReachedAndToldByItsRow(ErrorKind kind)
    {
        using var dead = new DeadPort();
        var time = new BrokenTimeProvider();
        await using var rig = await Rig.StartAsync(Options(kind, dead, time));
        Prepare(kind, rig, time);

        if (kind == ErrorKind.ClientClosed)
        {
            await LeaveAsync(rig);
        }
        else
        {
            var answer = await AskAsync(kind, rig);
            var row = ErrorTable.Of(kind);
            Assert.Equal((row.HttpStatus, row.OpenAiType, row.OpenAiCode), (answer.Status, answer.Error.GetProperty("type").GetString(), answer.Error.GetProperty("code").GetString()));
        }

        if (IsAdmitted(kind))
        {
            Assert.Equal(kind, (await rig.Records.NextAsync()).Error);
        }

        Assert.Equal(0, rig.Records.Waiting);
    }

    internal static bool IsAdmitted(ErrorKind kind) => kind is not (ErrorKind.InvalidRequest or ErrorKind.Authentication or ErrorKind.Permission
        or ErrorKind.UnknownModel or ErrorKind.TooLarge or ErrorKind.RateLimited or ErrorKind.Overloaded);

    internal static RigOptions Options(ErrorKind kind, DeadPort dead, TimeProvider time)
    {
        var options = new RigOptions { Simulators = 1, Time = time, Retry = RetryOptions.Default with { MaxPerTarget = 0 } };
        return kind switch
        {
            ErrorKind.Authentication => options with { Config = c => c with { Keys = [KeyTests.Alice] } },
            ErrorKind.Permission => options with { Config = c => c with { Keys = [KeyTests.Alice with { Models = ["other"] }] } },
            ErrorKind.RateLimited => options with { Config = c => c with { Keys = [KeyTests.Alice with { RequestsPerMinute = 1 }] } },
            ErrorKind.Overloaded => options with { Config = c => c with { Limits = new LimitOptions { MaxConcurrentRequests = 1 } } },
            ErrorKind.TooLarge => options with { Config = c => c with { Limits = new LimitOptions { MaxRequestBodyBytes = 16 } } },
            ErrorKind.ConnectFailed => options with { Upstreams = [dead.Url], Simulators = 0 },
            ErrorKind.Tls => options with { Config = c => c with { Providers = Providers.Change(c, p => p with { BaseUrl = new UriBuilder(p.BaseUrl) { Scheme = "https" }.Uri }) } },
            ErrorKind.FirstTokenTimeout => options with { Timeouts = TimeoutOptions.Default with { FirstTokenLast = Soon } },
            ErrorKind.IdleTimeout => options with { Timeouts = TimeoutOptions.Default with { Idle = Soon } },
            ErrorKind.TotalTimeout => options with { Timeouts = TimeoutOptions.Default with { Total = Soon } },
            _ => options,
        };
    }

    internal static void Prepare(ErrorKind kind, Rig rig, BrokenTimeProvider time)
    {
        time.FailNextTimer = kind == ErrorKind.Internal;
        var fault = kind switch
        {
            ErrorKind.ContextLength => "status=400,code=context_length_exceeded",
            ErrorKind.ContentPolicy => "status=400,code=content_policy_violation",
            ErrorKind.ProviderRateLimited => "status=429",
            ErrorKind.ProviderQuota => "quota",
            ErrorKind.ProviderAuth => "unauthorized",
            ErrorKind.ProviderNotFound => "status=404",
            ErrorKind.ProviderError => "status=500",
            ErrorKind.ProviderOverloaded => "status=503",
            ErrorKind.ConnectionReset => "reset",
            ErrorKind.IdleTimeout => "stall-after=3",
            ErrorKind.Malformed => "bad-json-body",
            ErrorKind.Truncated => "truncated-body",
            _ => "silence",
        };
        if (kind != ErrorKind.ConnectFailed)
        {
            rig.Primary.Faults.Add("*", fault);
        }
    }

    private static async Task<RawAnswer> AskAsync(ErrorKind kind, Rig rig)
    {
        var body = kind switch
        {
            ErrorKind.InvalidRequest => "{",
            ErrorKind.UnknownModel => Rig.Body().Replace(Rig.Model, "other", StringComparison.Ordinal),
            _ => Rig.Body(stream: kind is ErrorKind.FirstTokenTimeout or ErrorKind.IdleTimeout),
        };
        var headers = kind switch
        {
            ErrorKind.Authentication => "Authorization: Bearer wrong\r\n",
            ErrorKind.ClientDeadline => "x-relay-timeout-ms: 300\r\n",
            _ => "Authorization: Bearer relay-key-of-alice\r\n",
        };
        var request = RawClient.Request(Encoding.UTF8.GetBytes(body), headers);
        using var first = await RawClient.ConnectAsync(rig.Gateway.Url);
        if (kind is ErrorKind.Overloaded or ErrorKind.RateLimited)
        {
            // One that hangs comes before.
            await first.SendAsync(request);
            await rig.Primary.Log.WaitForAsync(_ => true, Patience.Token);
        }

        var answer = await RawClient.ExchangeAsync(rig.Gateway.Url, request);
        return kind == ErrorKind.IdleTimeout ? InBand(answer) : answer;
    }

    /// <summary>After the first token the error is the last event; the status that its row would have had is not seen.</summary>
    private static RawAnswer InBand(RawAnswer answer)
    {
        Assert.Equal(200, answer.Status);
        return answer with { Status = ErrorTable.Of(ErrorKind.IdleTimeout).HttpStatus, Body = Encoding.UTF8.GetBytes(ReferenceSse.Parse(answer.Body)[^1]) };
    }

    private static async Task LeaveAsync(Rig rig)
    {
        using var client = await RawClient.ConnectAsync(rig.Gateway.Url);
        await client.SendAsync(RawClient.Request(Encoding.UTF8.GetBytes(Rig.Body())));
        await rig.Primary.Log.WaitForAsync(_ => true, Patience.Token);
        client.Reset();
    }

    /// <summary>The seam for a fault inside Relay: a clock that once fails to make a timer for an attempt.</summary>
    internal sealed class BrokenTimeProvider : TimeProvider
    {
        private volatile bool _fail;

        public bool FailNextTimer
        {
            set => _fail = value;
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            // Of all the gateway's timers only an attempt's is made without being armed.
            if (_fail && dueTime == Timeout.InfiniteTimeSpan)
            {
                _fail = false;
                throw new InvalidOperationException("planted");
            }

            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
