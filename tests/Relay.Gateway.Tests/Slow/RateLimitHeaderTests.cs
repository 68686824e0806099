using Relay.Gateway.Upstream;

namespace Relay.Gateway.Tests.Slow;

/// <summary>What is read of the limits that providers tell.</summary>
public sealed class RateLimitHeaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("1s", 1)]
    [InlineData("6m0s", 360)]
    [InlineData("120ms", 0.12)]
    [InlineData("1h2m3.5s", 3723.5)]
    [InlineData("7.66s", 7.66)]
    [InlineData("0s", 0)]
    [InlineData("45", 45)]
    [InlineData("17µs", 0.000017)]
    [InlineData("9999999999h", 86_400)]
    [InlineData("2026-03-01T12:00:30Z", 30)]
    [InlineData("2026-03-01T12:00:30.5+00:00", 30.5)]
    [InlineData("2026-03-01T13:00:30+01:00", 30)]
    [InlineData("2026-03-01T11:00:00Z", 0)]
    public void Reset_IsReadInEveryForm(string text, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RateLimitHeaders.ReadReset(text, Now));

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("1s2")]
    [InlineData("-1s")]
    [InlineData("1s-")]
    [InlineData("1d")]
    [InlineData("1..2s")]
    [InlineData("NaN")]
    [InlineData("1e999s")]
    public void Reset_ThatMakesNoSense_IsNone(string text) => Assert.Null(RateLimitHeaders.ReadReset(text, Now));

    [Fact]
    public void OpenAiForm_IsRead()
    {
        using var answer = Answer(("x-ratelimit-remaining-requests", "0"), ("x-ratelimit-reset-requests", "20s"), ("x-ratelimit-remaining-tokens", "100"), ("x-ratelimit-reset-tokens", "1m0s"));
        Assert.Equal(new LimitsTold(0, 100, true, TimeSpan.FromSeconds(20)), Read(answer, minTokens: 100));
        Assert.Equal(new LimitsTold(0, 100, true, TimeSpan.FromMinutes(1)), Read(answer, minTokens: 101));
    }

    [Fact]
    public void AnthropicForm_IsReadAndTheScarcestTokensCount()
    {
        using var answer = Answer(
            ("anthropic-ratelimit-requests-remaining", "49"),
            ("anthropic-ratelimit-requests-reset", "2026-03-01T12:05:00Z"),
            ("anthropic-ratelimit-tokens-remaining", "9000"),
            ("anthropic-ratelimit-tokens-reset", "2026-03-01T12:04:00Z"),
            ("anthropic-ratelimit-output-tokens-remaining", "0"),
            ("anthropic-ratelimit-output-tokens-reset", "2026-03-01T12:00:40Z"));
        Assert.Equal(new LimitsTold(49, 0, true, TimeSpan.FromSeconds(40)), Read(answer));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("unlimited")]
    [InlineData("")]
    [InlineData("99999999999999999999")]
    public void UnknownRemaining_IsNothing(string remaining)
    {
        using var answer = Answer(("x-ratelimit-remaining-requests", remaining), ("x-ratelimit-reset-requests", "20s"));
        Assert.Equal(LimitsTold.Nothing, Read(answer));
    }

    [Fact]
    public void ReachedWithoutReset_IsOneSecond()
    {
        using var answer = Answer(("x-ratelimit-remaining-requests", "0"));
        Assert.Equal(new LimitsTold(0, -1, true, TimeSpan.FromSeconds(1)), Read(answer));
    }

    private static LimitsTold Read(HttpResponseMessage answer, long minTokens = 1) => RateLimitHeaders.Read(answer.Headers, minRequests: 1, minTokens, Now);

    private static HttpResponseMessage Answer(params (string Name, string Value)[] headers)
    {
        var answer = new HttpResponseMessage();
        foreach (var (name, value) in headers)
        {
            answer.Headers.TryAddWithoutValidation(name, value);
        }

        return answer;
    }
}
