using Relay.Core.Cost;
using Relay.Core.Errors;
using Relay.Silo.Grains;

namespace Relay.Silo.Tests.Grains;

/// <summary>Numbers that travel between versions: once given, they stay.</summary>
public class CounterCodesTests
{
    [Fact]
    public void EveryPlace_HasACodeOfItsOwnThatLeadsBack()
    {
        var codes = Enumerable.Range(0, Counters.Width).Select(CounterCodes.Of).ToArray();
        Assert.Equal(Counters.Width, codes.Distinct().Count());
        Assert.Equal(Enumerable.Range(0, Counters.Width), codes.Select(CounterCodes.Place));
    }

    [Fact]
    public void UnknownCode_HasNoPlace() => Assert.Equal(-1, CounterCodes.Place(999_999));

    [Fact]
    public void Codes_AreThoseThatOtherVersionsKnow()
    {
        Assert.Equal(17, CounterCodes.Of(Counters.StandbyFailures));
        Assert.Equal(1_000 + (int)ErrorKind.ProviderError, CounterCodes.Of(Counters.Error(ErrorKind.ProviderError)));
        Assert.Equal(2_000 + (int)TokenCategory.Output, CounterCodes.Of(Counters.Tokens(TokenCategory.Output)));
        Assert.Equal(10_000, CounterCodes.Of(Counters.Outcome(MeteredEndpoint.ChatCompletions, ErrorKind.None)));
        Assert.Equal(109_000, CounterCodes.Of(Counters.Outcome(MeteredEndpoint.Other, ErrorKind.None)));
    }

    /// <summary>The codes are made of these numbers: a kind that is added goes to the end.</summary>
    [Fact]
    public void ErrorKindsAndTokenCategories_KeepTheirNumbers()
    {
        Assert.Equal("0:None 1:InvalidRequest 2:Authentication 3:Permission 4:UnknownModel 5:ContextLength 6:ContentPolicy 7:TooLarge 8:ClientClosed 9:ClientDeadline 10:RateLimited 11:BudgetExhausted 12:Overloaded 13:ProviderRateLimited 14:ProviderQuota 15:ProviderAuth 16:ProviderNotFound 17:ProviderError 18:ProviderOverloaded 19:ConnectFailed 20:Tls 21:ConnectionReset 22:FirstTokenTimeout 23:IdleTimeout 24:TotalTimeout 25:Malformed 26:Truncated 27:Internal", string.Join(" ", Enum.GetValues<ErrorKind>().Select(kind => $"{(int)kind}:{kind}")));
        Assert.Equal("0:Input 1:CachedInput 2:CacheWrite5m 3:CacheWrite1h 4:Output 5:Reasoning 6:AudioInput 7:AudioOutput", string.Join(" ", Enum.GetValues<TokenCategory>().Select(category => $"{(int)category}:{category}")));
    }
}
