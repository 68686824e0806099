using System.Globalization;
using System.Text.Json;
using Relay.TestKit;

namespace Relay.Simulator.Tests.Dialects;

/// <summary>Faults that take the place of the answer, in each dialect's own words.</summary>
public class DialectErrorFaultTests
{
    [Theory]
    [InlineData("status=500", "anthropic", 500, "api_error")]
    [InlineData("status=500", "gemini", 500, "INTERNAL")]
    [InlineData("status=503", "azure", 503, "server_error")]
    [InlineData("status=503", "anthropic", 503, "overloaded_error")]
    [InlineData("status=503", "gemini", 503, "UNAVAILABLE")]
    [InlineData("status=503", "gemini-array", 503, "UNAVAILABLE")]
    [InlineData("status=504", "anthropic", 504, "timeout_error")]
    [InlineData("status=504", "gemini", 504, "DEADLINE_EXCEEDED")]
    [InlineData("status=529", "anthropic", 529, "overloaded_error")]
    [InlineData("overloaded", "openai", 503, "server_error")]
    [InlineData("overloaded", "anthropic", 529, "overloaded_error")]
    [InlineData("overloaded", "gemini", 503, "UNAVAILABLE")]
    [InlineData("status=429", "azure", 429, "429")]
    [InlineData("status=429", "anthropic", 429, "rate_limit_error")]
    [InlineData("status=429", "gemini", 429, "RESOURCE_EXHAUSTED")]
    [InlineData("status=400", "anthropic", 400, "invalid_request_error")]
    [InlineData("status=400", "gemini", 400, "INVALID_ARGUMENT")]
    [InlineData("status=401", "anthropic", 401, "authentication_error")]
    [InlineData("status=401", "gemini", 401, "UNAUTHENTICATED")]
    [InlineData("status=402", "anthropic", 402, "billing_error")]
    [InlineData("status=403", "anthropic", 403, "permission_error")]
    [InlineData("status=403", "gemini", 403, "PERMISSION_DENIED")]
    [InlineData("status=404", "azure", 404, "DeploymentNotFound")]
    [InlineData("status=404", "anthropic", 404, "not_found_error")]
    [InlineData("status=404", "gemini", 404, "NOT_FOUND")]
    [InlineData("status=413", "anthropic", 413, "request_too_large")]
    [InlineData("status=500,type=odd", "anthropic", 500, "odd")]
    [InlineData("status=500,type=ODD", "gemini", 500, "ODD")]
    [InlineData("unauthorized", "azure", 401, "401")]
    [InlineData("unauthorized", "anthropic", 401, "authentication_error")]
    [InlineData("unauthorized", "gemini", 400, "INVALID_ARGUMENT")]
    [InlineData("quota", "azure", 429, "insufficient_quota")]
    [InlineData("quota", "anthropic", 400, "invalid_request_error")]
    [InlineData("quota", "gemini", 429, "RESOURCE_EXHAUSTED")]
    public async Task Error_ReachesTheClientInItsDialect(string fault, string dialect, int status, string type)
    {
        foreach (var stream in new[] { false, true })
        {
            await using var sim = await Sim.StartAsync(fault);
            var tongue = Tongue.Of(dialect);
            using var response = await sim.SendAsync(tongue.Request(stream));
            Assert.Equal(status, (int)response.StatusCode);
            Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
            var error = tongue.ErrorOf(await sim.ReadJsonAsync(response));
            Assert.Equal(type, error.Type);
            Assert.False(string.IsNullOrEmpty(error.Message));
            var entry = await sim.Server.Log.WaitForAsync(e => e.Ending == RequestEnding.Faulted, sim.Limit);
            Assert.Equal((fault, status), (entry.Fault, entry.Status));
        }
    }

    [Theory]
    [InlineData("openai", "maximum context length is 128000 tokens")]
    [InlineData("azure", "maximum context length is 128000 tokens")]
    [InlineData("anthropic", "prompt is too long: 130512 tokens > 128000 maximum")]
    [InlineData("gemini", "The input token count (130512) exceeds the maximum number of tokens allowed (128000)")]
    public async Task ContextLength_IsSaidInTheDialectsWords(string dialect, string message)
    {
        await using var sim = await Sim.StartAsync("status=400,code=context_length_exceeded");
        var tongue = Tongue.Of(dialect);
        using var response = await sim.SendAsync(tongue.Request(stream: true));
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains(message, tongue.ErrorOf(await sim.ReadJsonAsync(response)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai", "safety system")]
    [InlineData("azure", "content management policy")]
    [InlineData("anthropic", "Output blocked by content filtering policy")]
    public async Task ContentPolicy_IsA400(string dialect, string message)
    {
        await using var sim = await Sim.StartAsync("status=400,code=content_policy_violation");
        var tongue = Tongue.Of(dialect);
        using var response = await sim.SendAsync(tongue.Request(stream: false));
        var body = await sim.ReadJsonAsync(response);
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains(message, tongue.ErrorOf(body).Message, StringComparison.Ordinal);
        Assert.Equal(dialect == "azure", body.GetProperty("error").TryGetProperty("innererror", out _));
    }

    // Gemini answers 200 with promptFeedback and no candidates: https://ai.google.dev/api/generate-content#PromptFeedback
    [Theory]
    [InlineData("gemini")]
    [InlineData("gemini-array")]
    public async Task ContentPolicy_Gemini_IsABlockedPromptWithoutCandidates(string dialect)
    {
        foreach (var stream in new[] { false, true })
        {
            await using var sim = await Sim.StartAsync("status=400,code=content_policy_violation");
            var seen = await sim.AnswerAsync(Tongue.Of(dialect), stream);
            Assert.Equal(("", "blocked PROHIBITED_CONTENT"), (seen.Text, seen.Finish));
            Assert.Equal(RequestEnding.Faulted, (await sim.Server.Log.WaitForAsync(e => e.EndedAt is not null, sim.Limit)).Ending);
        }
    }

    [Fact]
    public async Task Unauthorized_Gemini_NamesTheReason()
    {
        await using var sim = await Sim.StartAsync("unauthorized");
        var detail = await DetailAsync(sim, "gemini");
        Assert.Equal("API_KEY_INVALID", detail.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Quota_Gemini_NamesTheQuotaAndTheModel()
    {
        await using var sim = await Sim.StartAsync("quota");
        var detail = await DetailAsync(sim, "gemini");
        Assert.Equal("type.googleapis.com/google.rpc.QuotaFailure", detail.GetProperty("@type").GetString());
        Assert.Equal("sim-model", detail.GetProperty("violations")[0].GetProperty("quotaDimensions").GetProperty("model").GetString());
    }

    [Theory]
    [InlineData("retry-after=2", "2s")]
    [InlineData("retry-after-ms=1500", "1.5s")]
    [InlineData("limit-reset=90s", "90s")]
    public async Task RetryAfter_Gemini_IsRetryInfoAndNoHeader(string parameter, string delay)
    {
        await using var sim = await Sim.StartAsync($"status=429,{parameter}");
        using var response = await sim.SendAsync(Tongue.Of("gemini").Request(stream: false));
        var detail = (await sim.ReadJsonAsync(response)).GetProperty("error").GetProperty("details")[0];
        Assert.Equal("type.googleapis.com/google.rpc.RetryInfo", detail.GetProperty("@type").GetString());
        Assert.Equal(delay, detail.GetProperty("retryDelay").GetString());
        Assert.Null(response.Headers.RetryAfter);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("azure")]
    [InlineData("anthropic")]
    public async Task RetryAfter_IsAHeader(string dialect)
    {
        await using var sim = await Sim.StartAsync("status=429,retry-after=7");
        using var response = await sim.SendAsync(Tongue.Of(dialect).Request(stream: false));
        Assert.Equal(TimeSpan.FromSeconds(7), response.Headers.RetryAfter?.Delta);
    }

    [Theory]
    [InlineData("openai", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests", "1m30s")]
    [InlineData("azure", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens", "1m30s")]
    [InlineData("anthropic", "anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset", "2026-01-01T00:01:30Z")]
    [InlineData("anthropic", "anthropic-ratelimit-input-tokens-remaining", "anthropic-ratelimit-output-tokens-reset", "2026-01-01T00:01:30Z")]
    public async Task RateLimitHeaders_On429_AreUsedUpUntilTheReset(string dialect, string remaining, string reset, string expected) =>
        await AssertUsedUpAsync("status=429,limit-reset=90s,times=1", 429, dialect, remaining, reset, expected);

    [Theory]
    [InlineData("openai", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-requests", "1m30s")]
    [InlineData("azure", "x-ratelimit-remaining-requests", "x-ratelimit-reset-tokens", "1m30s")]
    [InlineData("anthropic", "anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset", "2026-01-01T00:01:30Z")]
    public async Task LimitReached_IsToldByARightAnswer(string dialect, string remaining, string reset, string expected) =>
        await AssertUsedUpAsync("limit-reached,limit-reset=90s,times=1", 200, dialect, remaining, reset, expected);

    private static async Task AssertUsedUpAsync(string fault, int status, string dialect, string remaining, string reset, string expected)
    {
        await using var sim = await Sim.StartAsync(new SimulatorOptions { TimeProvider = new ManualTimeProvider() }, fault);
        using var limited = await sim.SendAsync(Tongue.Of(dialect).Request(stream: false));
        Assert.Equal(status, (int)limited.StatusCode);
        using var healthy = await sim.SendAsync(Tongue.Of(dialect).Request(stream: false));
        Assert.Equal(("0", expected), (Header(limited, remaining), Header(limited, reset)));
        Assert.True(long.Parse(Header(healthy, remaining), CultureInfo.InvariantCulture) > 1000);
        Assert.NotEqual(expected, Header(healthy, reset));
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task RateLimitHeaders_SwitchedOff_AreLeftOut(string dialect)
    {
        await using var sim = await Sim.StartAsync(new SimulatorOptions { RateLimitHeaders = false });
        using var response = await sim.SendAsync(Tongue.Of(dialect).Request(stream: false));
        Assert.DoesNotContain(response.Headers, h => h.Key.Contains("ratelimit", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("openai", "must not be from the assistant")]
    [InlineData("anthropic", "This model does not support assistant message prefill. The conversation must end with a user message.")]
    [InlineData("gemini", "Please ensure that multiturn requests end with a user role or a function response.")]
    public async Task NoPrefill_OnlyATrailingAnswerIsRefused(string dialect, string message)
    {
        await using var sim = await Sim.StartAsync("no-prefill");
        var tongue = Tongue.Of(dialect);
        using var asked = await sim.SendAsync(tongue.Request(stream: false));
        using var refused = await sim.SendAsync(tongue.Request(stream: false, [Turn.User("x"), Turn.Assistant("y")]));
        Assert.Equal((200, 400), ((int)asked.StatusCode, (int)refused.StatusCode));
        Assert.Contains(message, tongue.ErrorOf(await sim.ReadJsonAsync(refused)).Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(DialectAnswerTests.Dialects), MemberType = typeof(DialectAnswerTests))]
    public async Task Html_IsA502Page(string dialect)
    {
        await using var sim = await Sim.StartAsync("html");
        using var response = await sim.SendAsync(Tongue.Of(dialect).Request(stream: false));
        Assert.Equal((502, "text/html"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
    }

    [Theory]
    [InlineData("/v1/messages/count_tokens", """{"model":"m","messages":[{"role":"user","content":"x"}]}""", 529)]
    [InlineData("/v1beta/models/m:countTokens", """{"contents":[{"parts":[{"text":"x"}]}]}""", 503)]
    public async Task CountTokens_Fault_IsApplied(string path, string body, int status)
    {
        await using var sim = await Sim.StartAsync("overloaded,times=1", "cut-after=1");
        sim.Http.DefaultRequestHeaders.Add("anthropic-version", "2023-06-01");
        using var refused = await sim.PostAsync(body, path);
        using var counted = await sim.PostAsync(body, path);
        Assert.Equal((status, 200), ((int)refused.StatusCode, (int)counted.StatusCode));
    }

    private static async Task<JsonElement> DetailAsync(Sim sim, string dialect)
    {
        using var response = await sim.SendAsync(Tongue.Of(dialect).Request(stream: false));
        return (await sim.ReadJsonAsync(response)).GetProperty("error").GetProperty("details")[0];
    }

    private static string Header(HttpResponseMessage response, string name) => response.Headers.GetValues(name).Single();
}
