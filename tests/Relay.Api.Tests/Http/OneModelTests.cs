using System.Net;

namespace Relay.Api.Tests.Http;

public class OneModelTests
{
    [Fact]
    public async Task OneModel_IsTheSameAsInTheList()
    {
        await using var api = await RunningApi.StartAsync();
        await Traffic.ReportAsync(api.Grains);
        var one = await api.GetJsonAsync("/api/v1/models/chat?window=1h");
        var listed = (await api.GetJsonAsync("/api/v1/models?window=1h")).GetProperty("models")[0];

        Assert.Equal("1h", one.GetProperty("window").GetString());
        Assert.Equal("2026-01-01T00:00:00Z", one.GetProperty("generatedAt").GetString());
        Assert.Equal(
            listed.EnumerateObject().Select(p => (p.Name, p.Value.GetRawText())),
            one.EnumerateObject().Skip(2).Select(p => (p.Name, p.Value.GetRawText())));
    }

    [Theory]
    [InlineData("openai/gpt-4.1", "openai/gpt-4.1")]
    [InlineData("openai%2Fgpt-4.1", "openai/gpt-4.1")]
    [InlineData("openai%2fgpt%2D4.1", "openai/gpt-4.1")]
    [InlineData("a%2Fb", "a/b")]
    [InlineData("a%252Fb", "a%2Fb")]
    [InlineData("f%C3%BCr%20alle%3F", "für alle?")]
    [InlineData("a/b/c/d", "a/b/c/d")]
    [InlineData("%3Cscript%3E", "<script>")]
    [InlineData("models", "models")]
    public async Task NameInPath_MayBeEncodedOrNot(string path, string name)
    {
        await using var api = await RunningApi.StartAsync([new(name, "priority", []), new("other", "priority", [])]);
        Assert.Equal(name, (await api.GetJsonAsync($"/api/v1/models/{path}")).GetProperty("model").GetString());
        Assert.Equal(name, (await api.GetJsonAsync($"/api/v1/models/{path}?window=1m")).GetProperty("model").GetString());
    }

    [Theory]
    [InlineData("nope")]
    [InlineData("chat/")]
    [InlineData("Chat")]
    [InlineData("%")]
    public async Task UnknownName_404InErrorShape(string path)
    {
        await using var api = await RunningApi.StartAsync();
        using var answer = await api.SendAsync("GET", $"/api/v1/models/{path}");
        await RunningApi.AssertErrorAsync(answer, HttpStatusCode.NotFound, "model_not_found", "model");
    }

    [Fact]
    public async Task OverlongName_IsEchoedOnlyInPart()
    {
        await using var api = await RunningApi.StartAsync();
        using var answer = await api.SendAsync("GET", $"/api/v1/models/{new string('x', 4_000)}");
        await RunningApi.AssertErrorAsync(answer, HttpStatusCode.NotFound, "model_not_found", "model");
        Assert.InRange((await answer.Content.ReadAsStringAsync()).Length, 100, 400);
    }

    [Fact]
    public async Task AbsoluteRequestTarget_NamesTheSameModel()
    {
        await using var api = await RunningApi.StartAsync();
        var answer = await RawHttp.SendAsync(api.EndPoint, $"GET http://{api.EndPoint}/api/v1/models/openai%2Fgpt-4.1 HTTP/1.1\r\nHost: {api.EndPoint}\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Contains("\"model\":\"openai/gpt-4.1\"", answer, StringComparison.Ordinal);
    }
}
