using System.Net;
using System.Text.Json;
using Relay.Core.Breaker;

namespace Relay.Api.Tests.Admin;

public class BreakerControlTests
{
    private const string Target = "openai/gpt-4.1";

    [Theory]
    [InlineData("PUT", "openai/gpt-4.1", "open", BreakerForce.Open)]
    [InlineData("POST", "openai%2Fgpt-4.1", "closed", BreakerForce.Closed)]
    [InlineData("PUT", "openai/gpt-4.1", "none", BreakerForce.None)]
    public async Task Order_IsDecidedInTheGrain_AndAnsweredWithTheBreaker(string method, string path, string force, BreakerForce expected)
    {
        await using var api = await Control.StartAsync();
        await Traffic.ReportAsync(api.Grains);
        using var answer = await Control.PutAsync(api, path, $$"""{"force":"{{force}}","note":"maintenance"}""", method: method);

        var breaker = await RunningApi.JsonAsync(answer, HttpStatusCode.OK);
        Assert.Equal(Target, breaker.GetProperty("target").GetString());
        Assert.Equal(force, breaker.GetProperty("breaker").GetProperty("force").GetString());
        Assert.StartsWith("api_", answer.Headers.GetValues("x-relay-request-id").Single(), StringComparison.Ordinal);
        var decision = (await api.Grains.GetBreakerAsync(Target, default)).Decision;
        Assert.Equal(expected, decision.Force);
        Assert.True(decision.Version > 0);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized, "missing_admin_token")]
    [InlineData("", HttpStatusCode.Forbidden, "wrong_admin_token")]
    [InlineData("wrong", HttpStatusCode.Forbidden, "wrong_admin_token")]
    [InlineData(Control.Token + "x", HttpStatusCode.Forbidden, "wrong_admin_token")]
    public async Task WithoutTheToken_NothingIsDecided(string? token, HttpStatusCode status, string code)
    {
        await using var api = await Control.StartAsync();
        using var answer = await Control.PutAsync(api, Target, """{"force":"open"}""", token);
        await RunningApi.AssertErrorAsync(answer, status, code);
        Assert.Equal(status == HttpStatusCode.Unauthorized, answer.Headers.WwwAuthenticate.Count > 0);
        Assert.Equal(0, (await api.Grains.GetBreakerAsync(Target, default)).Decision.Version);
        using var audit = await api.SendAsync("GET", "/api/v1/audit", ("Authorization", $"Bearer {token}"));
        Assert.NotEqual(HttpStatusCode.OK, audit.StatusCode);
    }

    [Fact]
    public async Task NoTokenConfigured_403ThatSaysHowToConfigureOne()
    {
        await using var api = await RunningApi.StartAsync();
        using var answer = await Control.PutAsync(api, Target, """{"force":"open"}""");
        await RunningApi.AssertErrorAsync(answer, HttpStatusCode.Forbidden, "admin_not_configured");
        Assert.Contains("\\\"admin\\\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TokenThatIsChangedWhileRunning_IsTheOneThatCounts()
    {
        byte[]? digest = null;
        await using var api = await RunningApi.StartAsync(configure: o => o with { AdminTokenSha256 = () => digest });
        using var before = await Control.PutAsync(api, Target, """{"force":"none"}""");
        digest = Control.Digest;
        using var after = await Control.PutAsync(api, Target, """{"force":"none"}""");
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (before.StatusCode, after.StatusCode));
    }

    [Theory]
    [InlineData("", "invalid_parameter", null)]
    [InlineData("force=open", "invalid_parameter", null)]
    [InlineData("[]", "invalid_parameter", null)]
    [InlineData("{}", "invalid_parameter", "force")]
    [InlineData("""{"force":"opened"}""", "invalid_parameter", "force")]
    [InlineData("""{"force":null}""", "invalid_parameter", "force")]
    [InlineData("""{"force":1}""", "invalid_parameter", "force")]
    [InlineData("""{"force":"Open"}""", "invalid_parameter", "force")]
    [InlineData("""{"force":"open","force":"closed"}""", "invalid_parameter", null)]
    [InlineData("""{"force":"open","note":1}""", "invalid_parameter", "note")]
    [InlineData("""{"force":"open","reason":"x"}""", "unknown_parameter", "reason")]
    [InlineData("""{"force":"open"} x""", "invalid_parameter", null)]
    public async Task WrongBody_400(string body, string code, string? param)
    {
        await using var api = await Control.StartAsync();
        using var answer = await Control.PutAsync(api, Target, body);
        await RunningApi.AssertErrorAsync(answer, HttpStatusCode.BadRequest, code, param);
        Assert.Equal(0, (await api.Grains.GetBreakerAsync(Target, default)).Decision.Version);
    }

    [Fact]
    public async Task LargeBody_413()
    {
        await using var api = await Control.StartAsync();
        using var answer = await Control.PutAsync(api, Target, $$"""{"force":"open","note":"{{new string('x', 5_000)}}"}""");
        await RunningApi.AssertErrorAsync(answer, HttpStatusCode.RequestEntityTooLarge, "too_large");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/jsonp")]
    public async Task BodyThatAFormCanSend_415(string? type)
    {
        await using var api = await Control.StartAsync();
        using var answer = await Control.PutAsync(api, Target, """{"force":"open"}""", type: type, method: "POST");
        await RunningApi.AssertErrorAsync(answer, HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        Assert.Equal(0, (await api.Grains.GetBreakerAsync(Target, default)).Decision.Version);
    }

    [Fact]
    public async Task ForeignOrigin_403AlsoWithTheToken()
    {
        await using var api = await Control.StartAsync();
        using var answer = await Control.PutAsync(api, Target, """{"force":"open"}""", origin: "http://evil.example");
        await RunningApi.AssertErrorAsync(answer, HttpStatusCode.Forbidden, "origin_not_allowed");
        Assert.Equal(0, (await api.Grains.GetBreakerAsync(Target, default)).Decision.Version);
    }

    [Fact]
    public async Task UnknownTarget_404_AndLeavesNoTrace()
    {
        await using var api = await Control.StartAsync();
        using var answer = await Control.PutAsync(api, "openai/nope", """{"force":"open"}""");
        await RunningApi.AssertErrorAsync(answer, HttpStatusCode.NotFound, "target_not_found", "target");
        Assert.Empty(await EntriesAsync(api));
    }

    [Fact]
    public async Task Delete_405WithWhatIsPossible()
    {
        await using var api = await Control.StartAsync();
        using var answer = await api.SendAsync("DELETE", "/api/v1/breakers/openai/gpt-4.1");
        await RunningApi.AssertErrorAsync(answer, HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        Assert.Equal(["GET", "HEAD", "POST", "PUT"], answer.Content.Headers.Allow.Order());
    }

    [Fact]
    public async Task Audit_HasTheLatestHundredNewestFirst_WithNotesFitForALog()
    {
        var log = new CapturedLog();
        await using var api = await Control.StartAsync(log);
        string? id = null;
        for (var i = 0; i <= 100; i++)
        {
            using var answer = await Control.PutAsync(api, Target, JsonSerializer.Serialize(new { force = "open", note = $"{i}: a\r\nb\u0007\u202e{new string('é', 300)}" }));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            id = answer.Headers.GetValues("x-relay-request-id").Single();
        }

        var entries = await EntriesAsync(api);
        Assert.Equal(100, entries.Length);
        var note = "100: ab" + new string('é', 193);
        Assert.Equal(
            ("admin", "breaker.set", Target, "open", note, id),
            (Text(entries[0], "who"), Text(entries[0], "action"), Text(entries[0], "target"), Text(entries[0], "force"), Text(entries[0], "note"), Text(entries[0], "requestId")));
        Assert.StartsWith("1: ", Text(entries[^1], "note"), StringComparison.Ordinal);
        Assert.Contains(log.Text.Split('\n'), line => line.Contains(note, StringComparison.Ordinal) && line.Contains(id!, StringComparison.Ordinal));
        Assert.DoesNotContain(Control.Token, log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FailedTries_AreCounted_AndToldOnceAMinute()
    {
        var log = new CapturedLog();
        await using var api = await Control.StartAsync(log);
        for (var i = 0; i < 20; i++)
        {
            using var wrong = await Control.PutAsync(api, Target, """{"force":"open"}""", token: i % 2 == 0 ? null : "guess-" + i);
        }

        Assert.Contains("relay_admin_auth_failures_total 20\n", await api.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative)), StringComparison.Ordinal);
        Assert.Single(log.Text.Split('\n'), line => line.Contains("without the admin token", StringComparison.Ordinal));

        api.Time.Advance(TimeSpan.FromMinutes(1));
        using var later = await Control.PutAsync(api, Target, """{"force":"open"}""", token: "guess");
        Assert.Contains("20 call(s)", log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("guess", log.Text, StringComparison.Ordinal);
    }

    private static async Task<JsonElement[]> EntriesAsync(RunningApi api)
    {
        using var answer = await api.SendAsync("GET", "/api/v1/audit", ("Authorization", $"bearer {Control.Token}"));
        return [.. (await RunningApi.JsonAsync(answer, HttpStatusCode.OK)).GetProperty("entries").EnumerateArray()];
    }

    private static string? Text(JsonElement entry, string field) => entry.GetProperty(field).GetString();
}
